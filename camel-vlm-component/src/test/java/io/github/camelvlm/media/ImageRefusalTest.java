package io.github.camelvlm.media;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not to be decoded, and what is said of them. */
class ImageRefusalTest {
    private static final int MUTATIONS_PER_PICTURE = 40;

    private final ImageDecoder decoder = new ImageDecoder();

    private static byte[] golden(String name) {
        return Pictures.bytes("goldens/images/" + name);
    }

    private void assertRefused(byte[] bytes, String... words) {
        assertThatThrownBy(() -> decoder.decode("cat.png", bytes))
                .isInstanceOf(ImageException.class)
                .hasMessageContainingAll("picture cat.png")
                .hasMessageContainingAll(words);
    }

    @Test
    void refusesAnEmptyFile() {
        assertRefused(new byte[0], "is empty", "copy the file again");
    }

    @Test
    void refusesAFileThatIsNoPicture() {
        assertRefused(
                "<html>Not found</html>".getBytes(StandardCharsets.US_ASCII), "not a PNG, JPEG", "send it in one");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "one-shape.png",
                "palette.png",
                "three-shapes.jpg",
                "progressive.jpg",
                "cmyk.jpg",
                "plain.bmp",
                "lzw.tiff",
                "lossless.webp",
                "lossy.webp"
            })
    void refusesAPictureThatIsCutOffAnywhere(String name) {
        byte[] whole = golden(name);
        // Of the last bytes a file may lack some that are no pixels.
        for (int part = 1; part < 50; part++) {
            int length = Math.max(40, (whole.length - 30) * part / 50);
            try {
                decoder.decode(name, Arrays.copyOf(whole, length));
            } catch (ImageException e) {
                continue;
            }
            fail(name + " was decoded from " + length + " of " + whole.length + " bytes");
        }
    }

    @Test
    void saysWhereAPictureIsCutOff() {
        assertRefused(Arrays.copyOf(golden("plain.bmp"), 1234), "is cut off after 1,234 bytes: copy the whole file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"transparent.gif", "run-length.bmp", "one-bit.tiff", "exif.tiff", "strips.tiff", "gray.tiff"})
    void refusesOtherKindsThatLackTheirLastBytes(String name) {
        byte[] whole = Pictures.bytes("media/formats/" + name);
        assertRefused(Arrays.copyOf(whole, whole.length - 12), "is cut off");
    }

    @Test
    void refusesAPngWhosePixelsEndTooEarlyThoughItsChunksAreWhole() {
        byte[] png = golden("tiny.png");
        ByteBuffer header = ByteBuffer.wrap(png);
        header.putInt(20, header.getInt(20) + 50);
        renewHeaderChecksum(png);
        assertRefused(png, "damaged");
    }

    @Test
    void refusesAPictureThatDeclaresThirtyThousandPixelsASide() {
        byte[] png = golden("one-shape.png");
        ByteBuffer.wrap(png).putInt(16, 30_000).putInt(20, 30_000);
        renewHeaderChecksum(png);
        assertTooLarge(png);

        byte[] gif = golden("animated.gif");
        little(gif).putShort(6, (short) 30_000).putShort(8, (short) 30_000);
        assertTooLarge(gif);

        byte[] bmp = golden("plain.bmp");
        little(bmp).putInt(18, 30_000).putInt(22, -30_000);
        assertTooLarge(bmp);

        byte[] jpeg = golden("three-shapes.jpg");
        int frame = indexOf(jpeg, 0xff, 0xc0);
        ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 30_000).putShort(frame + 7, (short) 30_000);
        assertTooLarge(jpeg);

        byte[] tiff = golden("lzw.tiff");
        for (int tag : new int[] {256, 257}) {
            int entry = indexOf(tiff, tag & 0xff, tag >> 8);
            little(tiff).putShort(entry + 2, (short) 4).putInt(entry + 4, 1).putInt(entry + 8, 30_000);
        }
        assertTooLarge(tiff);
    }

    @Test
    void refusesAWebpThatDeclaresSixteenThousandPixelsASide() {
        // The format has 14 bits for a side.
        byte[] lossy = golden("lossy.webp");
        little(lossy).putShort(26, (short) 16_000).putShort(28, (short) 16_000);
        assertRefused(lossy, "16000 × 16000", "64,000,000", "maxImagePixels");
        byte[] lossless = golden("lossless.webp");
        little(lossless).putInt(21, 15_999 | 15_999 << 14);
        assertRefused(lossless, "16000 × 16000", "64,000,000", "maxImagePixels");
    }

    private void assertTooLarge(byte[] bytes) {
        assertRefused(bytes, "30000 × 30000 pixels", "64,000,000", "scale it down or raise maxImagePixels");
    }

    @Test
    void refusesAPictureWithoutRowsOrColumns() {
        byte[] png = golden("tiny.png");
        ByteBuffer.wrap(png).putInt(16, 0);
        renewHeaderChecksum(png);
        assertRefused(png, "0 × 7");
        byte[] bmp = golden("plain.bmp");
        little(bmp).putInt(22, 0);
        assertRefused(bmp, "280 × 0");
    }

    @Test
    void refusesAPngWithAWrongChecksum() {
        byte[] png = golden("tiny.png");
        png[50] ^= 1;
        assertRefused(png, "checksum", "save it again");
    }

    @Test
    void takesTheLimitOfPixelsFromItsUser() {
        new ImageDecoder(63).decode("tiny.png", golden("tiny.png"));
        assertThatThrownBy(() -> new ImageDecoder(62).decode("tiny.png", golden("tiny.png")))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("9 × 7 pixels, but 62 in all");
    }

    @Test
    void throwsNothingButItsOwnExceptionOnDamagedPictures() {
        Random random = new Random(1);
        List<byte[]> pictures = new ArrayList<>();
        for (String name : Pictures.names("media/formats")) {
            pictures.add(Pictures.bytes("media/formats/" + name));
        }
        for (String name : List.of("animated.gif", "lossy.webp", "lossless.webp", "progressive.jpg", "lzw.tiff")) {
            pictures.add(golden(name));
        }
        for (byte[] picture : pictures) {
            for (int i = 0; i < MUTATIONS_PER_PICTURE; i++) {
                decodeOrRefuse(mutated(picture, random));
            }
        }
    }

    private void decodeOrRefuse(byte[] bytes) {
        try {
            decoder.decode("mutant", bytes);
        } catch (ImageException e) {
            // As it should.
        }
    }

    /** A copy with a few bytes changed, most of them in the first 200, where structure is. */
    private static byte[] mutated(byte[] picture, Random random) {
        byte[] mutant = picture.clone();
        for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
            int range = random.nextBoolean() ? Math.min(200, mutant.length) : mutant.length;
            int[] values = {0, 255, 127, 128, random.nextInt(256)};
            mutant[random.nextInt(range)] = (byte) values[random.nextInt(values.length)];
        }
        if (mutant[1] == 'P' && mutant.length > 33) {
            renewHeaderChecksum(mutant);
        }
        return mutant;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int indexOf(byte[] bytes, int first, int second) {
        int at = 0;
        while ((bytes[at] & 0xff) != first || (bytes[at + 1] & 0xff) != second) {
            at++;
        }
        return at;
    }

    private static void renewHeaderChecksum(byte[] png) {
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    }
}
