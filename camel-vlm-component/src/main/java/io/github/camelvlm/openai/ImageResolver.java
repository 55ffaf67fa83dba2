package io.github.camelvlm.openai;

import io.github.camelvlm.chat.EncodedImage;

/** Turns the {@code url} of a picture into its bytes. It decides which addresses may be used at all. */
@FunctionalInterface
public interface ImageResolver {

    /**
     * Fetches a picture.
     *
     * @param url what the request wrote: a {@code data:} URL, an address, a file name
     * @throws io.github.camelvlm.chat.InvalidRequestException if the address is malformed or may not be used
     * @throws io.github.camelvlm.chat.UnreadablePictureException if there is no picture to be had from it
     */
    EncodedImage resolve(String url);
}
