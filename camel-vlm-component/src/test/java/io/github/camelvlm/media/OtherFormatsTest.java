package io.github.camelvlm.media;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are sound but not read: each is told by its name, with what to do, and none is called damaged. */
class OtherFormatsTest {
    private final ImageDecoder decoder = new ImageDecoder();

    private void assertNamed(byte[] bytes, String name, String mend) {
        assertThatThrownBy(() -> decoder.decode("cat", bytes))
                .isInstanceOf(ImageException.class)
                .hasMessage("picture cat is " + name + ", which is not supported: " + mend);
    }

    @ParameterizedTest
    @CsvSource({
        "0000000c6a5020200d0a870a, a JPEG 2000 picture, convert it to PNG or JPEG",
        "ff4fff5100290000, a JPEG 2000 picture, convert it to PNG or JPEG",
        "0000000c4a584c200d0a870a, a JPEG XL picture, convert it to PNG or JPEG",
        "ff0a7f0250, a JPEG XL picture, convert it to PNG or JPEG",
        "4949bc0108000000, a JPEG XR picture, convert it to PNG or JPEG",
        "89504e470d0a1a0a0000000443674249500020022bd5b37f0000000d4948445200000001,"
                + " a PNG in Apple's own form (CgBI), save it as PNG",
        "255044462d312e37, a PDF document, render its pages to PNG",
        "252150532d41646f6265, a PostScript document, render it to PNG",
        "384250530002000000000000, a large Photoshop document (PSB), convert it to PNG or JPEG",
        "67696d7020786366, a GIMP picture, convert it to PNG or JPEG",
        "762f3101, an OpenEXR picture, convert it to PNG or JPEG",
        "464f524d00000010494c424d, an IFF file, convert it to PNG or JPEG",
        "0a0501080000, a PCX picture, convert it to PNG or JPEG",
        "000000186674797063727820, a camera's raw picture, develop it to JPEG",
        "46554a4946494c4d4343442d524157, a camera's raw picture, develop it to JPEG",
        "4949524f08000000, a camera's raw picture, develop it to JPEG",
        "4949550018000000, a camera's raw picture, develop it to JPEG",
    })
    void namesAFileByItsFirstBytes(String bytes, String name, String mend) {
        assertNamed(HexFormat.of().parseHex(bytes), name, mend);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<svg xmlns='http://www.w3.org/2000/svg'/>",
                "<?xml version='1.0'?>\n<!-- a drawing -->\n<svg/>",
                "\u00ef\u00bb\u00bf  <!DOCTYPE svg PUBLIC ''><svg>"
            })
    void namesADrawingByTheStartOfItsText(String text) {
        assertNamed(text.getBytes(StandardCharsets.ISO_8859_1), "an SVG drawing", "render it to PNG");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000020667479706d703432", "1a45dfa3"})
    void saysHowAVideoIsSent(String beginning) {
        assertThatThrownBy(() -> decoder.decode("cat", HexFormat.of().parseHex(beginning)))
                .isInstanceOf(ImageException.class)
                .hasMessage(
                        "picture cat is a video: send it as a video, such as by video_url, or a frame of it as PNG");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<?xml version='1.0'?><html/>",
                "plain words",
                "P8 3 3",
                "\0\0\1\0",
                "\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
            })
    void claimsNothingOfWhatItDoesNotKnow(String text) {
        assertThatThrownBy(() -> decoder.decode("cat", text.getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(
                        "is not a PNG, JPEG, GIF, BMP, TIFF, WebP, HEIC, AVIF, ICO, PSD, TGA or PNM file");
    }

    @ParameterizedTest
    @CsvSource({
        "c3, a lossless JPEG",
        "c5, a hierarchical JPEG",
        "c9, a JPEG with arithmetic coding",
        "ca, a JPEG with arithmetic coding",
        "cb, a lossless JPEG with arithmetic coding",
        "cf, a hierarchical JPEG with arithmetic coding",
        "f7, a JPEG-LS file",
    })
    void namesTheKindOfAJpeg(String frame, String name) {
        byte[] jpeg = Pictures.bytes("goldens/images/three-shapes.jpg");
        jpeg[frame(jpeg) + 1] = (byte) Integer.parseInt(frame, 16);
        assertNamed(jpeg, name, "save it as PNG");
    }

    @Test
    void namesAJpegOfTwelveBitsAndOneThatTellsItsHeightLate() {
        byte[] jpeg = Pictures.bytes("goldens/images/three-shapes.jpg");
        jpeg[frame(jpeg) + 4] = 12;
        assertNamed(jpeg, "a JPEG of 12 bits per value", "save it as PNG");
        byte[] late = Pictures.bytes("goldens/images/three-shapes.jpg");
        ByteBuffer.wrap(late).putShort(frame(late) + 5, (short) 0);
        assertNamed(late, "a JPEG whose height stands after its pixels", "save it as PNG");
    }

    private static int frame(byte[] jpeg) {
        int at = 0;
        while ((jpeg[at] & 0xff) != 0xff || (jpeg[at + 1] & 0xff) != 0xc0) {
            at++;
        }
        return at;
    }

    @ParameterizedTest
    @CsvSource({
        "259, 50000, a TIFF with Zstandard compression",
        "259, 34925, a TIFF with LZMA compression",
        "259, 6, a TIFF with JPEG compression of the old style",
        "259, 77, 'a TIFF with an unknown compression, number 77'",
        "262, 8, a TIFF of 1 × 8 bits of L*a*b* colours",
        "258, 12, a TIFF of 12-bit samples",
        "258, 32, a TIFF of 32-bit samples",
    })
    void namesTheKindOfATiff(int tag, int value, String name) {
        byte[] tiff = Pictures.bytes("media/formats/gray.tiff");
        ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN).putInt(field(tiff, tag) + 8, value);
        assertNamed(tiff, name, "save it as PNG");
    }

    @ParameterizedTest
    @CsvSource({
        "16, 2, a TIFF of signed 16-bit samples",
        "32, 3, a TIFF of 32-bit floating-point samples",
        "32, 6, a TIFF of complex numbers",
    })
    void namesTheNumbersOfATiff(int bits, int sampleFormat, String name) {
        byte[] tiff = Pictures.bytes("media/formats/gray.tiff");
        ByteBuffer fields = ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN);
        fields.putInt(field(tiff, 258) + 8, bits);
        // Without its field, the rows of a strip are all rows.
        fields.putShort(field(tiff, 278), (short) 339).putInt(field(tiff, 339) + 8, sampleFormat);
        assertNamed(tiff, name, "save it as PNG");
    }

    @Test
    void namesATiffThatHoldsTheValuesOfASensor() {
        byte[] tiff = Pictures.bytes("media/formats/gray.tiff");
        ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN).putInt(field(tiff, 262) + 8, 32803);
        assertNamed(tiff, "a camera's raw picture", "develop it to JPEG");
        byte[] canon = Arrays.copyOf(Pictures.bytes("media/formats/big.tiff"), 200);
        System.arraycopy(HexFormat.of().parseHex("49492a0010000000435202000000000000000000"), 0, canon, 0, 20);
        assertNamed(canon, "a camera's raw picture", "develop it to JPEG");
    }

    /** The place of a field in the first directory of a little-endian TIFF. */
    private static int field(byte[] tiff, int tag) {
        ByteBuffer fields = ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN);
        int at = fields.getInt(4) + 2;
        while ((fields.getShort(at) & 0xffff) != tag) {
            at += 12;
        }
        return at;
    }

    @ParameterizedTest
    @CsvSource({
        "64, 3, a BMP with Huffman coding",
        "64, 4, a BMP with run lengths of 24 bits",
        "40, 4, a BMP that holds a JPEG",
        "40, 5, a BMP that holds a PNG",
        "40, 9, 'a BMP of an unknown compression, number 9'",
    })
    void namesTheCompressionOfABmp(int header, int compression, String name) {
        byte[] bmp = Pictures.bytes("media/formats/os2-long.bmp");
        ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(14, header).putInt(30, compression);
        assertNamed(bmp, name, "save it as PNG");
    }

    @Test
    void namesABmpOfSixtyFourBits() {
        byte[] bmp = Pictures.bytes("media/formats/os2-long.bmp");
        ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putShort(28, (short) 64);
        assertNamed(bmp, "a BMP of 64 bits per pixel", "save it as PNG");
    }
}
