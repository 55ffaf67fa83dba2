package io.github.camelvlm.model;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A picture, or two frames of a video that follow each other, brought to the size at which the model sees them.
 *
 * @param frames 1 for a picture, which the model sees as two equal frames, or 2
 * @param gridHeight rows of patches, a multiple of the merge size
 * @param gridWidth columns of patches, a multiple of the merge size
 * @param rgb [frames, gridHeight × patch size, gridWidth × patch size, 3], unsigned bytes, not yet normalized
 */
public record ProcessedImage(int frames, int gridHeight, int gridWidth, byte[] rgb) {

    /** A picture. */
    public ProcessedImage(int gridHeight, int gridWidth, byte[] rgb) {
        this(1, gridHeight, gridWidth, rgb);
    }

    /** How many tokens it becomes: one for every 2 × 2 patches. */
    public int tokens() {
        return gridHeight * gridWidth / 4;
    }

    /** Columns of pixels. */
    public int width() {
        return gridWidth * patch();
    }

    /** Rows of pixels. */
    public int height() {
        return gridHeight * patch();
    }

    private int patch() {
        return (int) Math.round(Math.sqrt(rgb.length / (3.0 * frames * gridHeight * gridWidth)));
    }

    /** SHA-256 of the sizes and the pixels, in hexadecimal digits. */
    public String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ByteBuffer.allocate(3 * Integer.BYTES)
                    .putInt(frames)
                    .putInt(gridHeight)
                    .putInt(gridWidth)
                    .array());
            return HexFormat.of().formatHex(digest.digest(rgb));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
