package io.github.camelvlm.chat;

import java.util.Objects;

/**
 * A picture of a message.
 *
 * @param image the encoded picture
 * @param limits the size it is brought to before the model sees it
 */
public record ImagePart(EncodedImage image, PixelLimits limits) implements Part {
    public ImagePart {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(limits, "limits");
    }

    /** A picture within the limits of the engine. */
    public ImagePart(EncodedImage image) {
        this(image, PixelLimits.NONE);
    }
}
