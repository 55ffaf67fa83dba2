package io.github.camelvlm.routes.benchmark;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Random;
import javax.imageio.ImageIO;

/** Pictures of coloured tiles, each different, so that no cache knows one. */
final class RandomPictures {
    private static final int TILE = 8;

    private final Random random = new Random(0);

    /** The bytes of a PNG file. */
    byte[] png(int width, int height) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y += TILE) {
            for (int x = 0; x < width; x += TILE) {
                fill(picture, x, y, random.nextInt(1 << 24));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void fill(BufferedImage picture, int left, int top, int colour) {
        for (int y = top; y < Math.min(top + TILE, picture.getHeight()); y++) {
            for (int x = left; x < Math.min(left + TILE, picture.getWidth()); x++) {
                picture.setRGB(x, y, colour);
            }
        }
    }

    /** A picture as requests carry it. */
    String url(int width, int height) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png(width, height));
    }
}
