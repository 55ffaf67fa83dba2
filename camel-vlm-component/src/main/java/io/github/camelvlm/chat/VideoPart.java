package io.github.camelvlm.chat;

import java.util.Objects;

/**
 * A video of a message.
 *
 * @param video the video
 * @param limits the size that its frames are brought to before the model sees them
 * @param place where a request shows it, for errors, such as {@code messages[0].content[1]}; null if in none
 */
public record VideoPart(Video video, FrameLimits limits, String place) implements Part {
    public VideoPart {
        Objects.requireNonNull(video, "video");
        Objects.requireNonNull(limits, "limits");
    }

    /** A video within the limits of the engine, of which errors tell the name alone. */
    public VideoPart(Video video) {
        this(video, FrameLimits.NONE, null);
    }
}
