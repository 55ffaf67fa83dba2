package io.github.camelvlm.media;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** The test pictures, and pixels of those that Pillow decoded, read without the decoder under test. */
public final class Pictures {
    private static final Path RESOURCES = Path.of("src/test/resources");

    private Pictures() {}

    /** The content of a file below the test resources. */
    public static byte[] bytes(String path) {
        try {
            return Files.readAllBytes(RESOURCES.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names in a folder below the test resources. */
    public static List<String> names(String folder) {
        try (Stream<Path> files = Files.list(RESOURCES.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An 8-bit RGB PNG written by Pillow, below the test resources. */
    public static RgbImage expected(String path) {
        return rgb(bytes(path));
    }

    /** An 8-bit RGB PNG written by Pillow. */
    static RgbImage rgb(byte[] png) {
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
            int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
            byte[] rgb = new byte[3 * pixels.length];
            for (int i = 0; i < rgb.length; i++) {
                rgb[i] = (byte) (pixels[i / 3] >> 16 - 8 * (i % 3));
            }
            return new RgbImage(image.getWidth(), image.getHeight(), rgb);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The largest of the absolute differences of all values, 0 to 255. */
    static int largestDifference(RgbImage a, RgbImage b) {
        int largest = 0;
        for (int i = 0; i < a.rgb().length; i++) {
            largest = Math.max(largest, Math.abs((a.rgb()[i] & 0xff) - (b.rgb()[i] & 0xff)));
        }
        return largest;
    }

    /** The mean of the absolute differences of all values, 0 to 255. */
    public static double meanDifference(RgbImage a, RgbImage b) {
        long sum = 0;
        for (int i = 0; i < a.rgb().length; i++) {
            sum += Math.abs((a.rgb()[i] & 0xff) - (b.rgb()[i] & 0xff));
        }
        return (double) sum / a.rgb().length;
    }
}
