package io.github.camelvlm.document;

import io.github.camelvlm.chat.InvalidRequestException;
import java.util.Objects;

/**
 * How a document is shown.
 *
 * @param pages which of its pages
 * @param dpi how many pixels an inch of a PDF becomes, or null for as many as fit into {@code maxPixels}
 * @param maxPixels the most pixels of a page of a PDF
 * @param maxPages the most pages that are taken at once
 * @param password opens a PDF that is encrypted; null for none
 */
public record DocumentOptions(PageSelection pages, Integer dpi, int maxPixels, int maxPages, String password) {
    /** As large as the model of the largest tokens sees a picture unless a request says otherwise. */
    public static final int DEFAULT_MAX_PIXELS = 1280 * 32 * 32;

    private static final int LEAST_DPI = 10;
    private static final int MOST_DPI = 1200;

    /** @throws InvalidRequestException if a number is out of bounds */
    public DocumentOptions {
        Objects.requireNonNull(pages, "pages");
        if (dpi != null && (dpi < LEAST_DPI || dpi > MOST_DPI)) {
            throw new InvalidRequestException(
                    "dpi", "must be between " + LEAST_DPI + " and " + MOST_DPI + ", but is " + dpi);
        }
        if (maxPixels < 1) {
            throw new InvalidRequestException("max_pixels", "must be at least 1, but is " + maxPixels);
        }
        if (maxPages < 1) {
            throw new InvalidRequestException("maxPages", "must be at least 1, but is " + maxPages);
        }
    }

    @Override
    public String toString() {
        return pages + (dpi == null ? "" : " at " + dpi + " dpi");
    }
}
