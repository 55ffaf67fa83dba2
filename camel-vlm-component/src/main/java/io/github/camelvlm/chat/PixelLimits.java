package io.github.camelvlm.chat;

/**
 * The number of pixels that a picture may have when the model sees it; a larger one is scaled down, a smaller one up.
 * Every 28 × 28 pixels become one token.
 *
 * @param minPixels the fewest pixels, or null for the engine's own limit
 * @param maxPixels the most pixels, or null for the engine's own limit
 */
public record PixelLimits(Integer minPixels, Integer maxPixels) {

    /** No limits but the engine's. */
    public static final PixelLimits NONE = new PixelLimits(null, null);

    /** @throws InvalidRequestException if a limit is not positive or the lower one is above the upper one */
    public PixelLimits {
        if (minPixels != null && minPixels < 1) {
            throw new InvalidRequestException("min_pixels", "must be at least 1, but is " + minPixels);
        }
        if (maxPixels != null && maxPixels < 1) {
            throw new InvalidRequestException("max_pixels", "must be at least 1, but is " + maxPixels);
        }
        if (minPixels != null && maxPixels != null && minPixels > maxPixels) {
            throw new InvalidRequestException(
                    "min_pixels", "must not be above max_pixels (" + maxPixels + "), but is " + minPixels);
        }
    }

    /** These limits, and those of {@code other} where these say nothing. */
    public PixelLimits orElse(PixelLimits other) {
        return new PixelLimits(
                minPixels != null ? minPixels : other.minPixels, maxPixels != null ? maxPixels : other.maxPixels);
    }
}
