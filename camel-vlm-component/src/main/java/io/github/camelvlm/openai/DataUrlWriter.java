package io.github.camelvlm.openai;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Writes pictures as data URLs (RFC 2397), as OpenAI's format carries them. */
final class DataUrlWriter {
    private record Type(String name, String beginning) {
        boolean isOf(byte[] picture) {
            byte[] first = beginning.getBytes(StandardCharsets.ISO_8859_1);
            return picture.length >= first.length && Arrays.equals(picture, 0, first.length, first, 0, first.length);
        }
    }

    private static final List<Type> TYPES = List.of(
            new Type("image/png", "\u0089PNG"),
            new Type("image/jpeg", "\u00ff\u00d8\u00ff"),
            new Type("image/gif", "GIF8"),
            new Type("image/bmp", "BM"),
            new Type("image/tiff", "II*\0"),
            new Type("image/tiff", "MM\0*"),
            new Type("image/tiff", "II+\0"),
            new Type("image/tiff", "MM\0+"),
            new Type("image/webp", "RIFF"),
            new Type("image/vnd.adobe.photoshop", "8BPS"),
            new Type("image/vnd.microsoft.icon", "\0\0\1\0"),
            new Type("image/x-portable-bitmap", "P1"),
            new Type("image/x-portable-graymap", "P2"),
            new Type("image/x-portable-pixmap", "P3"),
            new Type("image/x-portable-bitmap", "P4"),
            new Type("image/x-portable-graymap", "P5"),
            new Type("image/x-portable-pixmap", "P6"));

    private DataUrlWriter() {}

    /** What stands before the base64 of a picture's file, whose type its first bytes tell. */
    static String beginning(byte[] picture) {
        return "data:" + type(picture) + ";base64,";
    }

    private static String type(byte[] picture) {
        // Of what is no picture, the server says what is wrong with it.
        return TYPES.stream()
                .filter(type -> type.isOf(picture))
                .map(Type::name)
                .findFirst()
                .orElse("image/png");
    }
}
