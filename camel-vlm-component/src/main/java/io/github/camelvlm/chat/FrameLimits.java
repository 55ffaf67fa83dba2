package io.github.camelvlm.chat;

/**
 * How many pixels the frames of a video have as the model sees them.
 *
 * @param minPixels the fewest of a frame, or null for the engine's own limit
 * @param maxPixels the most of a frame, or null for the engine's own limit
 * @param totalPixels the most of all frames together, two that follow each other counting as one, or null for the engine's
 *     own limit
 * @param profile by whose rules the limits apply, or null for Qwen's
 */
public record FrameLimits(Integer minPixels, Integer maxPixels, Long totalPixels, VideoProfile profile) {
    /** The frames of a pair share their tokens. */
    private static final int PAIR = 2;

    /** However long a video is, its frames have a little more than the fewest pixels. */
    private static final double LEAST_OVER_FEWEST = 1.05;

    /** LLaMA-Factory's own, {@code video_min_pixels} and {@code video_max_pixels}. */
    private static final PixelLimits LLAMA_FACTORY = new PixelLimits(16 * 16, 256 * 256);

    /** No limits but the engine's. */
    public static final FrameLimits NONE = new FrameLimits(null, null, null);

    /**
     * Limits by Qwen's rules, unless something else is said of all videos.
     *
     * @throws InvalidRequestException if a limit is not positive or the lower one is above the upper one
     */
    public FrameLimits(Integer minPixels, Integer maxPixels, Long totalPixels) {
        this(minPixels, maxPixels, totalPixels, null);
    }

    /** @throws InvalidRequestException if a limit is not positive or the lower one is above the upper one */
    public FrameLimits {
        new PixelLimits(minPixels, maxPixels);
        if (totalPixels != null && totalPixels < 1) {
            throw new InvalidRequestException("total_pixels", "must be at least 1, but is " + totalPixels);
        }
    }

    /** These limits, and those of {@code other} where these say nothing. */
    public FrameLimits orElse(FrameLimits other) {
        return new FrameLimits(
                minPixels != null ? minPixels : other.minPixels,
                maxPixels != null ? maxPixels : other.maxPixels,
                totalPixels != null ? totalPixels : other.totalPixels,
                profile != null ? profile : other.profile);
    }

    /**
     * The limits of one frame, of which both are set: the more frames there are, the smaller they become. It is the rule of
     * {@code fetch_video} in Qwen's {@code qwen_vl_utils}.
     *
     * @param model the model's own limits, all set
     * @param frames how many frames there are
     */
    public PixelLimits ofFrame(FrameLimits model, int frames) {
        int least = minPixels != null ? minPixels : model.minPixels;
        long total = totalPixels != null ? totalPixels : model.totalPixels;
        double most =
                Math.max(Math.min(model.maxPixels, (double) total / frames * PAIR), (int) (least * LEAST_OVER_FEWEST));
        int wanted = (int) Math.min(maxPixels != null ? maxPixels : most, most);
        return new PixelLimits(Math.min(least, wanted), wanted);
    }

    /**
     * The limits of one frame in LLaMA-Factory's profile, of which both are set.
     *
     * @param frames how many frames there are
     */
    public PixelLimits ofRegularFrame(int frames) {
        double most = maxPixels != null ? maxPixels : LLAMA_FACTORY.maxPixels();
        if (totalPixels != null) {
            most = Math.max(1, Math.min(most, (double) totalPixels / frames * PAIR));
        }
        int least = minPixels != null ? minPixels : LLAMA_FACTORY.minPixels();
        return new PixelLimits(Math.min(least, (int) most), (int) most);
    }
}
