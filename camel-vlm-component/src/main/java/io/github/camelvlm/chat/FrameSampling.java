package io.github.camelvlm.chat;

/**
 * Which frames of a video file are shown to a model. The names are those of {@code qwen_vl_utils}; LLaMA-Factory calls
 * {@code fps} {@code video_fps} and {@code maxFrames} {@code video_maxlen}.
 *
 * @param fps how many of each second, or null for {@value #DEFAULT_FPS}
 * @param frames how many in all, or null for as many as {@code fps} makes; not together with {@code fps}
 * @param minFrames the fewest that {@code fps} makes, or null for {@value #DEFAULT_MIN_FRAMES}, one in LLaMA-Factory's profile
 * @param maxFrames the most that {@code fps} makes, or null for {@value #DEFAULT_MAX_FRAMES},
 *     {@value #LLAMA_FACTORY_MAX_FRAMES} in LLaMA-Factory's profile
 * @param start where to begin, in seconds, or null for the beginning
 * @param end where to end, in seconds, or null for the end
 * @param profile by whose rules, or null for Qwen's
 */
public record FrameSampling(
        Double fps,
        Integer frames,
        Integer minFrames,
        Integer maxFrames,
        Double start,
        Double end,
        VideoProfile profile) {
    public static final double DEFAULT_FPS = 2;
    public static final int DEFAULT_MIN_FRAMES = 4;
    public static final int DEFAULT_MAX_FRAMES = 768;
    public static final int LLAMA_FACTORY_MAX_FRAMES = 128;

    /** That of Qwen's own examples. */
    public static final FrameSampling DEFAULT = new FrameSampling(null, null, null, null, null, null);

    /** Frames become tokens two by two. */
    private static final int PAIR = 2;

    /**
     * By Qwen's rules, unless something else is said of all videos.
     *
     * @throws InvalidRequestException if a number is out of bounds, or two contradict each other
     */
    public FrameSampling(Double fps, Integer frames, Integer minFrames, Integer maxFrames, Double start, Double end) {
        this(fps, frames, minFrames, maxFrames, start, end, null);
    }

    /** @throws InvalidRequestException if a number is out of bounds, or two contradict each other */
    public FrameSampling {
        if (fps != null && !(fps > 0 && fps < Double.POSITIVE_INFINITY)) {
            throw new InvalidRequestException("fps", "must be a number above 0, but is " + fps);
        }
        if (fps != null && frames != null) {
            throw new InvalidRequestException("nframes", "cannot be told together with fps: leave one out");
        }
        requirePair("nframes", frames);
        requirePair("min_frames", minFrames);
        requirePair("max_frames", maxFrames);
        if (minFrames != null && maxFrames != null && minFrames > maxFrames) {
            throw new InvalidRequestException(
                    "min_frames", "must not be above max_frames (" + maxFrames + "), but is " + minFrames);
        }
        requireTime("video_start", start);
        requireTime("video_end", end);
        if (end != null && end <= (start == null ? 0 : start)) {
            throw new InvalidRequestException("video_end", "must be above video_start, but is " + end);
        }
    }

    private static void requirePair(String field, Integer number) {
        if (number != null && number < PAIR) {
            throw new InvalidRequestException(field, "must be at least " + PAIR + ", but is " + number);
        }
    }

    private static void requireTime(String field, Double seconds) {
        if (seconds != null && !(seconds >= 0 && seconds < Double.POSITIVE_INFINITY)) {
            throw new InvalidRequestException(field, "must be a number of seconds from 0 on, but is " + seconds);
        }
    }

    /** This, and what {@code other} says where this says nothing. */
    public FrameSampling orElse(FrameSampling other) {
        boolean saysRate = fps != null || frames != null;
        return new FrameSampling(
                saysRate ? fps : other.fps,
                saysRate ? frames : other.frames,
                minFrames != null ? minFrames : other.minFrames,
                maxFrames != null ? maxFrames : other.maxFrames,
                start != null ? start : other.start,
                end != null ? end : other.end,
                profile != null ? profile : other.profile);
    }

    /**
     * This, of which no more frames than these are shown.
     *
     * @throws InvalidRequestException if it asks for more at least
     */
    public FrameSampling within(int frames) {
        int most = Math.min(mostFrames(), Math.max(PAIR, frames));
        return new FrameSampling(fps, this.frames, minFrames, most, start, end, profile);
    }

    /** The most frames that {@code fps} makes. */
    public int mostFrames() {
        if (maxFrames != null) {
            return maxFrames;
        }
        return profile == VideoProfile.LLAMA_FACTORY ? LLAMA_FACTORY_MAX_FRAMES : DEFAULT_MAX_FRAMES;
    }
}
