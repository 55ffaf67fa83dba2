package io.github.camelvlm.chat;

import java.util.Objects;

/**
 * A picture of a message.
 *
 * @param image the encoded picture
 * @param limits the size it is brought to before the model sees it
 * @param place where a request shows it, for errors, such as {@code messages[0].content[1]}; null if in none
 */
public record ImagePart(EncodedImage image, PixelLimits limits, String place) implements Part {
    public ImagePart {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(limits, "limits");
    }

    /** A picture of which errors tell the name alone. */
    public ImagePart(EncodedImage image, PixelLimits limits) {
        this(image, limits, null);
    }

    /** A picture within the limits of the engine. */
    public ImagePart(EncodedImage image) {
        this(image, PixelLimits.NONE);
    }
}
