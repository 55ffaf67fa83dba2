package io.github.camelvlm.chat;

import java.util.List;
import java.util.Objects;

/**
 * A video as a list of pictures.
 *
 * @param name what errors call it
 * @param frames its pictures in the order of time, at least one
 * @param fps how many of them make a second
 */
public record VideoFrames(String name, List<EncodedImage> frames, double fps) implements Video {
    /** @throws InvalidRequestException if there is no frame, or {@code fps} is not a number above zero */
    public VideoFrames {
        Objects.requireNonNull(name, "name");
        frames = List.copyOf(frames);
        if (frames.isEmpty()) {
            throw new InvalidRequestException("video", "must hold at least one picture");
        }
        if (!(fps > 0 && fps < Double.POSITIVE_INFINITY)) {
            throw new InvalidRequestException("fps", "must be a number above 0, but is " + fps);
        }
    }

    @Override
    public long size() {
        return frames.stream().mapToLong(frame -> frame.bytes().length).sum();
    }

    @Override
    public String toString() {
        return name + " (" + frames.size() + " frames, " + fps + " a second)";
    }
}
