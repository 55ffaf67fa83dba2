package io.github.camelvlm.media;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/**
 * The image decoders. Those of the JDK are told from others by their module, and the others are made by their class, so
 * that neither the thread's class loader nor a plugin that someone else registered changes what a picture looks like.
 */
final class Readers {

    /** What is done with a reader that has its input. */
    @FunctionalInterface
    interface Reading<T> {
        T read(ImageReader reader) throws IOException;
    }

    private Readers() {}

    /** The JDK's decoder of a format, such as "png". */
    static ImageReaderSpi ofJdk(String format) {
        Iterator<ImageReaderSpi> all =
                IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
        while (all.hasNext()) {
            ImageReaderSpi spi = all.next();
            if (spi.getClass().getModule() == ImageIO.class.getModule()
                    && Arrays.asList(spi.getFormatNames()).contains(format)) {
                return spi;
            }
        }
        throw new IllegalStateException(
                "this Java runtime cannot read " + format + ": it lacks the java.desktop module's image readers");
    }

    /** Decodes the first picture of a file within the time that it has left. */
    static BufferedImage read(ImageReaderSpi spi, PictureBytes file) throws IOException {
        return with(spi, file, reader -> reader.read(0));
    }

    static <T> T with(ImageReaderSpi spi, PictureBytes file, Reading<T> reading) throws IOException {
        ImageReader reader = spi.createReaderInstance();
        try (ImageInputStream input = new TimedInput(file)) {
            reader.setInput(input, true, true);
            return reading.read(reader);
        } catch (IOException | RuntimeException e) {
            // Some decoders wrap what their input throws.
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof ImageException refusal) {
                    throw refusal;
                }
            }
            throw e;
        } finally {
            reader.dispose();
        }
    }
}
