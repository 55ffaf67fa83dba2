package io.github.camelvlm.media;

/** A picture that smaller ones are placed on. */
record RgbCanvas(RgbImage image) {

    /** A canvas of one colour, 0xRRGGBB. */
    static RgbCanvas filled(int width, int height, int colour) {
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i] = (byte) (colour >> 16);
            rgb[i + 1] = (byte) (colour >> 8);
            rgb[i + 2] = (byte) colour;
        }
        return new RgbCanvas(new RgbImage(width, height, rgb));
    }

    /** Copies a picture to columns from {@code left} and rows from {@code top}; what falls outside is left out. */
    RgbCanvas place(RgbImage part, int left, int top) {
        int columns = Math.min(part.width(), image.width() - left);
        int rows = Math.min(part.height(), image.height() - top);
        for (int y = 0; y < rows && columns > 0; y++) {
            System.arraycopy(
                    part.rgb(), 3 * y * part.width(), image.rgb(), 3 * ((top + y) * image.width() + left), 3 * columns);
        }
        return this;
    }
}
