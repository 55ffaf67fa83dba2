package io.github.camelvlm.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How much memory and time a picture may take. */
class DecodingBoundsTest {
    private static final long FIXED_BYTES = 2_000_000;
    private static final int SOS = 0xda;

    private final ImageDecoder decoder = new ImageDecoder();

    private static byte[] written(String format, int width, int height, int type) throws IOException {
        return written(format, new BufferedImage(width, height, type));
    }

    private static byte[] written(String format, BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, out)).isTrue();
        return out.toByteArray();
    }

    /** A picture that cannot be compressed. */
    private static BufferedImage noise() {
        BufferedImage image = new BufferedImage(300, 300, BufferedImage.TYPE_3BYTE_BGR);
        Random random = new Random(1);
        for (int i = 0; i < image.getWidth() * image.getHeight(); i++) {
            image.setRGB(i % image.getWidth(), i / image.getWidth(), random.nextInt());
        }
        return image;
    }

    @Test
    void asksWhetherASizeIsWantedBeforeAnythingIsDecoded() throws IOException {
        byte[] header = Arrays.copyOf(written("png", 3000, 1, BufferedImage.TYPE_INT_RGB), 40);
        Consumer<PictureSize> check = size -> {
            throw new ImageException("refused " + size);
        };
        assertThatThrownBy(() -> decoder.decode("wide.png", header, check, new CompletableFuture<>()))
                .isInstanceOf(ImageException.class)
                .hasMessage("refused PictureSize[width=3000, height=1]");
    }

    @Test
    void countsThatAThinPictureMayComeOfBlocksThatAreNotThin() {
        byte[] still = Pictures.bytes("media/stills/plain.heic");
        int size = new String(still, StandardCharsets.ISO_8859_1).indexOf("ispe") + 8;
        ByteBuffer.wrap(still).putInt(size, 65_536).putInt(size + 4, 1);

        // 256 rows more, of three samples of two bytes.
        assertThat(new HeifFile(new PictureBytes("thin", still)).decodingBytes())
                .isGreaterThan(6L * 65_536 * 256);
    }

    /** A picture of few long rows, and what reads it. */
    record WidePicture(byte[] bytes, Function<PictureBytes, PictureFile> reading) {
        PictureFile open() {
            return reading.apply(new PictureBytes("wide", bytes));
        }
    }

    static Stream<WidePicture> widePictures() throws IOException {
        int width = 500_000;
        return Stream.of(
                new WidePicture(written("png", width, 1, BufferedImage.TYPE_INT_RGB), PngFile::new),
                new WidePicture(written("png", width, 1, BufferedImage.TYPE_INT_ARGB), PngFile::new),
                new WidePicture(written("png", width, 1, BufferedImage.TYPE_USHORT_GRAY), PngFile::new),
                new WidePicture(written("png", width, 1, BufferedImage.TYPE_BYTE_BINARY), PngFile::new),
                new WidePicture(written("bmp", width, 1, BufferedImage.TYPE_3BYTE_BGR), BmpFile::new),
                new WidePicture(written("tiff", width, 1, BufferedImage.TYPE_3BYTE_BGR), TiffFile::new),
                new WidePicture(written("jpeg", 60_000, 8, BufferedImage.TYPE_3BYTE_BGR), JpegFile::new));
    }

    @ParameterizedTest
    @MethodSource("widePictures")
    void countsAllThatDecodingAWideRowAllocates(WidePicture picture) throws IOException {
        picture.open().decode();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        RgbImage decoded = picture.open().decode();
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        long counted = picture.open().decodingBytes();
        // Copies of the file as it is read, and what a decoder allocates whatever the picture.
        assertThat(allocated).isLessThan(counted + 4L * picture.bytes().length + FIXED_BYTES);
        assertThat(counted).isLessThan(60L * decoded.width() * decoded.height());
    }

    @Test
    void countsTheRowsOfAWidePictureAgainstTheHeap() throws IOException {
        byte[] picture = written("png", 500_000, 1, BufferedImage.TYPE_INT_RGB);
        assertThatThrownBy(() -> new ImageDecoder(500_000, new DecodingBudget(10_000_000)).decode("wide.png", picture))
                .isInstanceOf(ImageException.class)
                .hasMessageContainingAll(
                        "picture wide.png takes 14,6", "the Java heap has room for 9,765 kB: raise -Xmx");
    }

    @Test
    void endsTheDecoderOfAPictureWhoseTimeIsOver() throws IOException {
        PictureBytes png = slow(written("png", noise()));
        assertTimeIsOver(() -> new PngFile(png).decode());
        PictureBytes tiff = slow(written("tiff", noise()));
        assertTimeIsOver(() -> new TiffFile(tiff).decode());
        PictureBytes jpegs = slow(Pictures.bytes("media/formats/jpeg.tiff"));
        assertTimeIsOver(() -> new TiffFile(jpegs).decode());
        PictureBytes jpeg = slow(padded(written("jpeg", noise())));
        assertTimeIsOver(() -> new JpegFile(jpeg).decode());
    }

    private static void assertTimeIsOver(ThrowingCallable decoding) {
        assertThatThrownBy(decoding)
                .isInstanceOf(ImageException.class)
                .hasMessage("picture slow takes longer than 0 s to decode: scale it down, or save it anew as PNG");
    }

    private static PictureBytes slow(byte[] bytes) {
        AtomicLong clock = new AtomicLong();
        return new PictureBytes("slow", bytes, DecodingTime.start(clock::incrementAndGet, Duration.ZERO));
    }

    /** A JPEG with a table again and again, so that its decoder has much to read. */
    private static byte[] padded(byte[] jpeg) {
        int at = marker(jpeg, 0xdb);
        int length = 2 + ByteBuffer.wrap(jpeg).getShort(at + 2);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, at);
        for (int i = 0; i < 10_000; i++) {
            out.write(jpeg, at, length);
        }
        out.write(jpeg, at, jpeg.length - at);
        return out.toByteArray();
    }

    @Test
    void refusesAJpegOfMoreScansThanAnEncoderMakes() {
        byte[] jpeg = withScans(Pictures.bytes("goldens/images/progressive.jpg"), 101);
        assertThatThrownBy(() -> decoder.decode("scans.jpg", jpeg))
                .isInstanceOf(ImageException.class)
                .hasMessage("picture scans.jpg is a JPEG of 101 or more scans of 280 × 224 pixels, which is not"
                        + " supported: save it as PNG");
        assertThat(decoder.decode("scans.jpg", withScans(Pictures.bytes("goldens/images/progressive.jpg"), 90)))
                .hasToString("280 × 224 pixels");
    }

    @Test
    void allowsALargeJpegFewerScans() {
        byte[] jpeg = withScans(Pictures.bytes("goldens/images/progressive.jpg"), 40);
        ByteBuffer.wrap(jpeg).putShort(marker(jpeg, 0xc2) + 5, (short) 8000).putShort(marker(jpeg, 0xc2) + 7, (short)
                8000);
        assertThatThrownBy(() -> decoder.decode("scans.jpg", jpeg))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("a JPEG of 32 or more scans of 8000 × 8000 pixels");
    }

    private static int marker(byte[] jpeg, int wanted) {
        int at = 2;
        while ((jpeg[at + 1] & 0xff) != wanted) {
            at += 2 + (ByteBuffer.wrap(jpeg).getShort(at + 2) & 0xffff);
        }
        return at;
    }

    /** The file with its last scan repeated until there are so many. */
    private static byte[] withScans(byte[] jpeg, int wanted) {
        int scans = 0;
        int last = 0;
        for (int at = 0; at < jpeg.length - 1; at++) {
            if ((jpeg[at] & 0xff) == 0xff && (jpeg[at + 1] & 0xff) == SOS) {
                scans++;
                last = at;
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, jpeg.length - 2);
        for (int i = scans; i < wanted; i++) {
            out.write(jpeg, last, jpeg.length - 2 - last);
        }
        out.write(jpeg, jpeg.length - 2, 2);
        return out.toByteArray();
    }
}
