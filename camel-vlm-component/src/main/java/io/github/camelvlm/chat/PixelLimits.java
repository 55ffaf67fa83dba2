package io.github.camelvlm.chat;

/**
 * The size that a picture may have when the model sees it; a larger one is scaled down, a smaller one up. How many pixels
 * become one token is the model's own: 28 × 28 or 32 × 32.
 *
 * @param minPixels the fewest pixels, or null for the engine's own limit
 * @param maxPixels the most pixels, or null for the engine's own limit
 * @param maxTokens the most tokens, or null for as many as the pixels make
 */
public record PixelLimits(Integer minPixels, Integer maxPixels, Integer maxTokens) {

    /** No limits but the engine's. */
    public static final PixelLimits NONE = new PixelLimits(null, null, null);

    /** @throws InvalidRequestException if a limit is not positive or the lower one is above the upper one */
    public PixelLimits {
        requirePositive("min_pixels", minPixels);
        requirePositive("max_pixels", maxPixels);
        requirePositive("max_tokens", maxTokens);
        if (minPixels != null && maxPixels != null && minPixels > maxPixels) {
            throw new InvalidRequestException(
                    "min_pixels", "must not be above max_pixels (" + maxPixels + "), but is " + minPixels);
        }
    }

    /** @throws InvalidRequestException if a limit is not positive or the lower one is above the upper one */
    public PixelLimits(Integer minPixels, Integer maxPixels) {
        this(minPixels, maxPixels, null);
    }

    private static void requirePositive(String name, Integer limit) {
        if (limit != null && limit < 1) {
            throw new InvalidRequestException(name, "must be at least 1, but is " + limit);
        }
    }

    /** These limits, and those of {@code other} where these say nothing. */
    public PixelLimits orElse(PixelLimits other) {
        return new PixelLimits(
                minPixels != null ? minPixels : other.minPixels,
                maxPixels != null ? maxPixels : other.maxPixels,
                maxTokens != null ? maxTokens : other.maxTokens);
    }

    /** These limits in pixels alone. */
    public PixelLimits inPixels(int pixelsPerToken) {
        if (maxTokens == null) {
            return this;
        }
        int most = (int) Math.min(Integer.MAX_VALUE, (long) maxTokens * pixelsPerToken);
        return new PixelLimits(minPixels, maxPixels == null ? most : Math.min(maxPixels, most));
    }

    /**
     * These limits in pixels, of which both are set: a model's own where these say nothing. The model's fewest gives way
     * where fewer are asked for.
     *
     * @param model the model's own limits, both set
     * @throws InvalidRequestException if more pixels are asked for than the model's own most
     */
    public PixelLimits within(PixelLimits model, int pixelsPerToken) {
        PixelLimits own = inPixels(pixelsPerToken);
        int most = own.maxPixels != null ? own.maxPixels : model.maxPixels;
        return new PixelLimits(own.minPixels != null ? own.minPixels : Math.min(model.minPixels, most), most);
    }
}
