package io.github.camelvlm.model;

import io.github.camelvlm.chat.VideoPart;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.PictureFrames;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.media.RgbImage;
import java.util.ArrayList;
import java.util.List;

/**
 * A video on its way into a prompt: what it costs is known from the beginning, its frames are decoded two by two and kept
 * at the size alone at which the model sees them. For one thread.
 */
final class PromptVideo implements AutoCloseable {
    /** Frames that become tokens together. */
    private static final int PAIR = 2;

    private final VideoPart part;
    private final VisionInput vision;
    private final PictureFrames frames;
    private final PictureSize size;
    private final FrameSizes sizes;
    private int read;

    /**
     * @param frames the video's; this one's to close from now on, also where the constructor throws
     * @throws ImageException if it has a shape that the model cannot see
     */
    PromptVideo(VideoPart part, VisionInput vision, PictureFrames frames) {
        this.part = part;
        this.vision = vision;
        this.frames = frames;
        try {
            size = frames.size();
            sizes = vision.frameSizes(name(), size, frames.count(), part.limits());
        } catch (RuntimeException | Error e) {
            frames.close();
            throw e;
        }
    }

    VideoPart part() {
        return part;
    }

    String name() {
        return part.video().name();
    }

    /** Of its frames, upright. */
    PictureSize size() {
        return size;
    }

    /** How many pairs of frames it has; the last frame of an odd number counts twice. */
    int pairs() {
        return (frames.count() + 1) / PAIR;
    }

    /** The time from one pair to the next, in seconds. */
    double secondsOfPair() {
        return PAIR / frames.fps();
    }

    /** The number of its tokens. */
    long tokens() {
        return pairs() * ((long) sizes.seen().width() * sizes.seen().height() / vision.pixelsPerToken());
    }

    /** How it stands in the prompt. */
    VideoText text() {
        List<Double> seconds = new ArrayList<>();
        for (int first = 0; first < frames.count(); first += PAIR) {
            int second = Math.min(first + 1, frames.count() - 1);
            seconds.add((frames.seconds(first) + frames.seconds(second)) / 2);
        }
        return vision.videoText(seconds);
    }

    /**
     * Decodes its next two frames.
     *
     * @throws ImageException if one cannot be decoded
     */
    ProcessedImage nextPair() {
        RgbImage first = frames.next();
        RgbImage second = ++read < frames.count() ? frames.next() : first;
        read++;
        return vision.processPair(first, second, sizes);
    }

    @Override
    public void close() {
        frames.close();
    }
}
