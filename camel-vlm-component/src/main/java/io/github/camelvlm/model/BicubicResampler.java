package io.github.camelvlm.model;

import java.util.Arrays;

/**
 * Resizes pictures as Pillow's {@code Image.resize} with {@code BICUBIC} does, to the bit: across and then down, each
 * pass rounded to 8 bits. Pillow defines the filter in {@code Resample.c}: the cubic of Keys (1981) with a = −0.5, made
 * wider by the scale when a picture shrinks, in fixed point of 22 bits.
 */
public final class BicubicResampler {
    private static final int CHANNELS = 3;
    private static final int PRECISION_BITS = 22;
    private static final int HALF = 1 << PRECISION_BITS - 1;
    private static final double SUPPORT = 2;
    private static final double A = -0.5;

    private BicubicResampler() {}

    /**
     * Resizes a picture.
     *
     * @param rgb [height, width, 3] unsigned bytes; not changed
     * @return [newHeight, newWidth, 3]; the same array if the size stays
     */
    public static byte[] resize(byte[] rgb, int width, int height, int newWidth, int newHeight) {
        Taps down = newHeight == height ? null : Taps.of(height, newHeight);
        int firstRow = down == null ? 0 : down.first[0];
        int endRow = down == null ? height : down.first[newHeight - 1] + down.count[newHeight - 1];
        if (newWidth == width) {
            return down == null ? rgb : resizeColumns(rgb, CHANNELS * width, 0, down);
        }
        byte[] across = resizeRows(rgb, width, firstRow, endRow, Taps.of(width, newWidth));
        return down == null ? across : resizeColumns(across, CHANNELS * newWidth, firstRow, down);
    }

    /** For each place of the output, which places of the input it is made of, and their weights. */
    private record Taps(int[] first, int[] count, int[][] weights) {

        static Taps of(int in, int out) {
            double scale = (double) in / out;
            double filterScale = Math.max(1, scale);
            double support = SUPPORT * filterScale;
            double perFilterScale = 1 / filterScale;
            Taps taps = new Taps(new int[out], new int[out], new int[out][]);
            for (int i = 0; i < out; i++) {
                double centre = (i + 0.5) * scale;
                int first = Math.max(0, (int) (centre - support + 0.5));
                int end = Math.min(in, (int) (centre + support + 0.5));
                double[] weights = new double[end - first];
                double sum = 0;
                for (int x = 0; x < weights.length; x++) {
                    weights[x] = cubic((x + first - centre + 0.5) * perFilterScale);
                    sum += weights[x];
                }
                taps.first[i] = first;
                taps.count[i] = weights.length;
                taps.weights[i] = fixedPoint(weights, sum);
            }
            return taps;
        }

        private static double cubic(double distance) {
            double x = Math.abs(distance);
            if (x < 1) {
                return ((A + 2) * x - (A + 3)) * x * x + 1;
            }
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
        }

        private static int[] fixedPoint(double[] weights, double sum) {
            int[] fixed = new int[weights.length];
            for (int x = 0; x < fixed.length; x++) {
                double scaled = weights[x] / sum * (1 << PRECISION_BITS);
                fixed[x] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
            }
            return fixed;
        }
    }

    /** The pass across, of those rows only that the pass down reads. */
    private static byte[] resizeRows(byte[] rgb, int width, int firstRow, int endRow, Taps taps) {
        int newWidth = taps.first.length;
        byte[] out = new byte[Math.multiplyExact(CHANNELS * newWidth, endRow - firstRow)];
        int to = 0;
        for (int y = firstRow; y < endRow; y++) {
            int row = CHANNELS * y * width;
            for (int x = 0; x < newWidth; x++) {
                int[] weights = taps.weights[x];
                int from = row + CHANNELS * taps.first[x];
                int red = HALF;
                int green = HALF;
                int blue = HALF;
                for (int weight : weights) {
                    red += weight * (rgb[from] & 0xff);
                    green += weight * (rgb[from + 1] & 0xff);
                    blue += weight * (rgb[from + 2] & 0xff);
                    from += CHANNELS;
                }
                out[to] = clamp(red);
                out[to + 1] = clamp(green);
                out[to + 2] = clamp(blue);
                to += CHANNELS;
            }
        }
        return out;
    }

    /** The pass down; row {@code firstRow} of the picture is the first of {@code rows}. */
    private static byte[] resizeColumns(byte[] rows, int rowBytes, int firstRow, Taps taps) {
        int newHeight = taps.first.length;
        byte[] out = new byte[Math.multiplyExact(rowBytes, newHeight)];
        int[] sums = new int[rowBytes];
        for (int y = 0; y < newHeight; y++) {
            Arrays.fill(sums, HALF);
            int from = (taps.first[y] - firstRow) * rowBytes;
            for (int weight : taps.weights[y]) {
                for (int i = 0; i < rowBytes; i++) {
                    sums[i] += weight * (rows[from + i] & 0xff);
                }
                from += rowBytes;
            }
            int to = y * rowBytes;
            for (int i = 0; i < rowBytes; i++) {
                out[to + i] = clamp(sums[i]);
            }
        }
        return out;
    }

    private static byte clamp(int fixed) {
        return (byte) Math.max(0, Math.min(255, fixed >> PRECISION_BITS));
    }
}
