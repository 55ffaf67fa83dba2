package io.github.camelvlm.media;

/**
 * Makes RGB of the planes of a VP8 frame as libwebp does, which Pillow uses: chroma interpolated between its four nearest
 * values with weights 9, 3, 3 and 1, and ITU-R BT.601 in fixed point of 14 bits.
 */
final class Vp8Colours {
    private static final int FRACTION_BITS = 6;

    private Vp8Colours() {}

    static RgbImage toRgb(Vp8Plane[] planes, int width, int height) {
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        int columns = (width + 1) / 2;
        int lastRow = (height + 1) / 2 - 1;
        int[] us = new int[columns];
        int[] vs = new int[columns];
        int to = 0;
        for (int y = 0; y < height; y++) {
            int near = y / 2;
            int far = Math.max(0, Math.min(lastRow, near + (y % 2 == 0 ? -1 : 1)));
            blend(planes[1], near, far, us);
            blend(planes[2], near, far, vs);
            int lumaAt = planes[0].at(0, y);
            for (int x = 0; x < width; x++) {
                int nearColumn = x / 2;
                int farColumn = Math.max(0, Math.min(columns - 1, nearColumn + (x % 2 == 0 ? -1 : 1)));
                int luma = planes[0].get(lumaAt + x) * 19077 >> 8;
                int u = 3 * us[nearColumn] + us[farColumn] + 8 >> 4;
                int v = 3 * vs[nearColumn] + vs[farColumn] + 8 >> 4;
                rgb[to] = clamp(luma + (v * 26149 >> 8) - 14234);
                rgb[to + 1] = clamp(luma - (u * 6419 >> 8) - (v * 13320 >> 8) + 8708);
                rgb[to + 2] = clamp(luma + (u * 33050 >> 8) - 17685);
                to += 3;
            }
        }
        return new RgbImage(width, height, rgb);
    }

    /** Interpolates between two rows of chroma: three parts of the near one and one of the far one. */
    private static void blend(Vp8Plane plane, int nearRow, int farRow, int[] out) {
        int near = plane.at(0, nearRow);
        int far = plane.at(0, farRow);
        for (int i = 0; i < out.length; i++) {
            out[i] = 3 * plane.get(near + i) + plane.get(far + i);
        }
    }

    private static byte clamp(int fixed) {
        return (byte) Math.max(0, Math.min(255, fixed >> FRACTION_BITS));
    }
}
