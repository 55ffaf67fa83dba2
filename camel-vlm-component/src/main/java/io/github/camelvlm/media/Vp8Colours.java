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
        int lastColumn = (width + 1) / 2 - 1;
        int lastRow = (height + 1) / 2 - 1;
        int to = 0;
        for (int y = 0; y < height; y++) {
            int near = y / 2;
            int far = Math.max(0, Math.min(lastRow, near + (y % 2 == 0 ? -1 : 1)));
            for (int x = 0; x < width; x++) {
                int nearColumn = x / 2;
                int farColumn = Math.max(0, Math.min(lastColumn, nearColumn + (x % 2 == 0 ? -1 : 1)));
                int luma = planes[0].get(planes[0].at(x, y)) * 19077 >> 8;
                int u = interpolated(planes[1], nearColumn, farColumn, near, far);
                int v = interpolated(planes[2], nearColumn, farColumn, near, far);
                rgb[to] = clamp(luma + (v * 26149 >> 8) - 14234);
                rgb[to + 1] = clamp(luma - (u * 6419 >> 8) - (v * 13320 >> 8) + 8708);
                rgb[to + 2] = clamp(luma + (u * 33050 >> 8) - 17685);
                to += 3;
            }
        }
        return new RgbImage(width, height, rgb);
    }

    private static int interpolated(Vp8Plane plane, int nearColumn, int farColumn, int nearRow, int farRow) {
        int near = plane.at(0, nearRow);
        int far = plane.at(0, farRow);
        return 9 * plane.get(near + nearColumn)
                        + 3 * plane.get(near + farColumn)
                        + 3 * plane.get(far + nearColumn)
                        + plane.get(far + farColumn)
                        + 8
                >> 4;
    }

    private static byte clamp(int fixed) {
        return (byte) Math.max(0, Math.min(255, fixed >> FRACTION_BITS));
    }
}
