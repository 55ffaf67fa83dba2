package io.github.camelvlm.openai;

import io.github.camelvlm.media.PictureType;

/** Writes pictures as data URLs (RFC 2397), as OpenAI's format carries them. */
final class DataUrlWriter {
    private DataUrlWriter() {}

    /** What stands before the base64 of a picture's file, whose type its first bytes tell. */
    static String beginning(byte[] picture) {
        // Of what is no picture, the server says what is wrong with it.
        return "data:" + PictureType.of(picture).orElse(PictureType.PNG).mediaType() + ";base64,";
    }
}
