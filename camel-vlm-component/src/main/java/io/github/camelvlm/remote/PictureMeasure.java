package io.github.camelvlm.remote;

import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.SeenPicture;

/** Looks at a picture before it is sent. */
@FunctionalInterface
public interface PictureMeasure {

    /**
     * Reads the size of a picture.
     *
     * @throws io.github.camelvlm.chat.UnreadablePictureException if it is none, or may not be sent
     */
    SeenPicture measure(EncodedImage picture);
}
