package io.github.camelvlm.media;

/** The prediction that WebP's alpha values are stored as differences from (RFC 9649, section 2.7.1.2). */
final class WebpAlphaFilter {
    private static final int HORIZONTAL = 1;
    private static final int VERTICAL = 2;
    private static final int GRADIENT = 3;

    private WebpAlphaFilter() {}

    /** Adds the predictions to the differences in place; {@code alpha} is [rows, columns]. */
    static void undo(int filter, byte[] alpha, int columns) {
        if (filter < HORIZONTAL || filter > GRADIENT) {
            return;
        }
        for (int i = 1; i < alpha.length; i++) {
            boolean firstRow = i < columns;
            boolean firstColumn = i % columns == 0;
            int prediction;
            if (firstRow || !firstColumn && filter == HORIZONTAL) {
                prediction = alpha[i - 1];
            } else if (firstColumn || filter == VERTICAL) {
                prediction = alpha[i - columns];
            } else {
                int sum = (alpha[i - 1] & 0xff) + (alpha[i - columns] & 0xff) - (alpha[i - columns - 1] & 0xff);
                prediction = Math.max(0, Math.min(255, sum));
            }
            alpha[i] += (byte) prediction;
        }
    }
}
