package io.github.camelvlm.media;

/**
 * Makes red, green and blue of the luma and the two colours of a frame (ITU-T H.273). Where there is one colour for several
 * pixels, those between are interpolated, as libavif does and JPEG decoders do.
 */
final class FrameColours {
    /** As the frames themselves say. */
    static final FrameColours AS_CODED = new FrameColours(FrameFormat.UNKNOWN, null);

    private static final int YCGCO = 8;
    /** Weights of the nearer and the farther sample of a plane that has half as many. */
    private static final float NEAR = 0.75f;

    private static final float FAR = 0.25f;

    private final int matrix;
    private final Boolean isFull;

    /**
     * @param matrix the number that is above what frames say; unknown for what they say
     * @param isFull whether samples use their whole range, which is above what frames say; null for what they say
     */
    FrameColours(int matrix, Boolean isFull) {
        this.matrix = matrix;
        this.isFull = isFull;
    }

    /**
     * Draws a frame into a picture; what is outside is left out.
     *
     * @param size how much of the frame is drawn
     */
    void draw(FrameFormat format, byte[] samples, RgbImage into, int left, int top, PictureSize size) {
        int columns = Math.min(size.width(), into.width() - left);
        int rows = Math.min(size.height(), into.height() - top);
        Rows reader = new Rows(format, samples);
        float[][] row = new float[3][format.width()];
        Conversion conversion = conversion(format);
        for (int y = 0; y < rows; y++) {
            reader.read(y, row);
            conversion.toRgb(row, columns, into.rgb(), 3 * ((top + y) * into.width() + left));
        }
    }

    private Conversion conversion(FrameFormat format) {
        int said = matrix == FrameFormat.UNKNOWN ? format.matrix() : matrix;
        boolean full = isFull == null ? format.isFull() : isFull;
        float unit = 1 << format.bits() - 8;
        float white = 255 / (full ? (1 << format.bits()) - 1 : 219 * unit);
        float black = full ? 0 : 16 * unit;
        if (format.isGray()) {
            return (row, columns, rgb, at) -> {
                for (int x = 0, to = at; x < columns; x++, to += 3) {
                    byte value = clamp((row[0][x] - black) * white);
                    rgb[to] = value;
                    rgb[to + 1] = value;
                    rgb[to + 2] = value;
                }
            };
        }
        if (said == FrameFormat.IDENTITY) {
            return (row, columns, rgb, at) -> {
                for (int x = 0, to = at; x < columns; x++, to += 3) {
                    rgb[to] = clamp((row[2][x] - black) * white);
                    rgb[to + 1] = clamp((row[0][x] - black) * white);
                    rgb[to + 2] = clamp((row[1][x] - black) * white);
                }
            };
        }
        float colour = full ? white : 255 / (224 * unit);
        float none = 128 * unit;
        if (said == YCGCO) {
            return (row, columns, rgb, at) -> {
                for (int x = 0, to = at; x < columns; x++, to += 3) {
                    float luma = (row[0][x] - black) * white;
                    float green = (row[1][x] - none) * colour;
                    float orange = (row[2][x] - none) * colour;
                    rgb[to] = clamp(luma - green + orange);
                    rgb[to + 1] = clamp(luma + green);
                    rgb[to + 2] = clamp(luma - green - orange);
                }
            };
        }
        return weighted(weights(said), black, white, none, colour);
    }

    private static Conversion weighted(float[] weights, float black, float white, float none, float colour) {
        float red = weights[0];
        float blue = weights[1];
        float green = 1 - red - blue;
        float crToRed = 2 * (1 - red);
        float cbToBlue = 2 * (1 - blue);
        float crToGreen = red * crToRed / green;
        float cbToGreen = blue * cbToBlue / green;
        return (row, columns, rgb, at) -> {
            for (int x = 0, to = at; x < columns; x++, to += 3) {
                float luma = (row[0][x] - black) * white;
                float cb = (row[1][x] - none) * colour;
                float cr = (row[2][x] - none) * colour;
                rgb[to] = clamp(luma + crToRed * cr);
                rgb[to + 1] = clamp(luma - crToGreen * cr - cbToGreen * cb);
                rgb[to + 2] = clamp(luma + cbToBlue * cb);
            }
        };
    }

    /** How much of luma red is, and blue. */
    private static float[] weights(int matrix) {
        return switch (matrix) {
            case 1 -> new float[] {0.2126f, 0.0722f};
            case 4 -> new float[] {0.30f, 0.11f};
            case 7 -> new float[] {0.212f, 0.087f};
            case 9, 10 -> new float[] {0.2627f, 0.0593f};
            // Also what is meant where nothing is said.
            default -> new float[] {0.299f, 0.114f};
        };
    }

    private static byte clamp(float value) {
        return (byte) Math.max(0, Math.min(255, (int) (value + 0.5f)));
    }

    @FunctionalInterface
    private interface Conversion {
        void toRgb(float[][] row, int columns, byte[] rgb, int at);
    }

    /** Reads rows of a frame, those of colours as wide and as many as those of luma. */
    private record Rows(FrameFormat format, byte[] samples) {

        void read(int y, float[][] row) {
            int width = format.width();
            for (int x = 0; x < width; x++) {
                row[0][x] = sample(y * width + x);
            }
            if (!format.isGray()) {
                int plane = format.colourWidth() * format.colourHeight();
                readColour(width * format.height(), y, row[1]);
                readColour(width * format.height() + plane, y, row[2]);
            }
        }

        private void readColour(int plane, int y, float[] row) {
            int width = format.colourWidth();
            int near = y >> format.halvings().rows();
            int beside = format.halvings().rows() == 0 ? near : y % 2 == 0 ? near - 1 : near + 1;
            int far = Math.max(0, Math.min(format.colourHeight() - 1, beside));
            for (int x = 0; x < width; x++) {
                row[x] = NEAR * sample(plane + near * width + x) + FAR * sample(plane + far * width + x);
            }
            if (format.halvings().columns() == 1) {
                widen(row, width);
            }
        }

        /** In place: from the right, where what is written is behind what is still read. */
        private void widen(float[] row, int width) {
            float right = row[width - 1];
            for (int x = width - 1; x >= 0; x--) {
                float here = row[x];
                float left = x == 0 ? here : row[x - 1];
                if (2 * x + 1 < format.width()) {
                    row[2 * x + 1] = NEAR * here + FAR * right;
                }
                row[2 * x] = NEAR * here + FAR * left;
                right = here;
            }
        }

        private int sample(int index) {
            return format.bits() > 8
                    ? samples[2 * index] & 0xff | (samples[2 * index + 1] & 0xff) << 8
                    : samples[index] & 0xff;
        }
    }
}
