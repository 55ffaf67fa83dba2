package io.github.camelvlm.media;

/**
 * How the samples of a frame lie in memory: planes one after another, luma first and, unless it is gray, two of colour; rows
 * from the top, samples from the left; more than 8 bits as two bytes, the lower first.
 *
 * @param width columns
 * @param height rows
 * @param bits of a sample, 8 to 16
 * @param isGray whether there is luma alone
 * @param halvings how much smaller the planes of colour are
 * @param isFull whether samples use their whole range
 * @param matrix how luma and colours are made of red, green and blue, by the numbers of ITU-T H.273; 2 if that is not known
 */
public record FrameFormat(
        int width, int height, int bits, boolean isGray, Halvings halvings, boolean isFull, int matrix) {

    /**
     * How much smaller the planes of colour are.
     *
     * @param columns 1 if they have half the columns, else 0
     * @param rows 1 if they have half the rows, else 0
     */
    public record Halvings(int columns, int rows) {}

    /** Red, green and blue are themselves, in the order green, blue, red. */
    public static final int IDENTITY = 0;

    /** Nothing is said of the matrix. */
    public static final int UNKNOWN = 2;

    /** The columns of a plane of colour. */
    public int colourWidth() {
        return width + halvings.columns() >> halvings.columns();
    }

    /** The rows of a plane of colour. */
    public int colourHeight() {
        return height + halvings.rows() >> halvings.rows();
    }

    /** How many bytes a frame has. */
    public long bytes() {
        long samples = (long) width * height + (isGray ? 0 : 2L * colourWidth() * colourHeight());
        return samples * (bits > 8 ? 2 : 1);
    }
}
