package io.github.camelvlm.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with a fault that costs no pixel are read, and give the pixels of the file without the fault. */
class DefectivePictureTest {
    private static final int JPEG_START = 2;

    private final ImageDecoder decoder = new ImageDecoder();

    private static byte[] golden(String name) {
        return Pictures.bytes("goldens/images/" + name);
    }

    private static byte[] format(String name) {
        return Pictures.bytes("media/formats/" + name);
    }

    private void assertSame(byte[] defective, byte[] whole) {
        RgbImage expected = decoder.decode("whole", whole);
        RgbImage decoded = decoder.decode("defective", defective);
        assertThat(decoded).hasToString(expected.toString());
        assertThat(decoded.rgb()).isEqualTo(expected.rgb());
    }

    private void assertCutOff(byte[] bytes) {
        assertThatThrownBy(() -> decoder.decode("cat", bytes))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("picture cat is cut off after");
    }

    private static byte[] inserted(byte[] bytes, int at, String hexadecimal) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.writeBytes(HexFormat.of().parseHex(hexadecimal));
        out.write(bytes, at, bytes.length - at);
        return out.toByteArray();
    }

    private static byte[] withoutLast(byte[] bytes, int count) {
        return Arrays.copyOf(bytes, bytes.length - count);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int marker(byte[] jpeg, int wanted) {
        int at = JPEG_START;
        while ((jpeg[at + 1] & 0xff) != wanted) {
            at += 2 + ByteBuffer.wrap(jpeg).getShort(at + 2);
        }
        return at;
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "00000000000000", "ffffff", "ff00", "ff000002", "ff01", "ffd3", "0102ff45ff"})
    void readsAJpegWithBytesBetweenItsSegments(String junk) {
        for (String name : new String[] {"three-shapes.jpg", "progressive.jpg"}) {
            byte[] whole = golden(name);
            assertSame(inserted(whole, JPEG_START, junk), whole);
            assertSame(inserted(whole, marker(whole, 0xdb), junk), whole);
            assertSame(inserted(whole, marker(whole, 0xda), junk), whole);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffe40000", "ffe40001", "ffe400050102", "ffe400040102030405"})
    void readsAJpegThatTellsAWrongLengthOfASegment(String segment) {
        byte[] whole = golden("three-shapes.jpg");
        assertSame(inserted(whole, marker(whole, 0xdb), segment + (segment.endsWith("0102") ? "03" : "")), whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"three-shapes.jpg", "progressive.jpg", "cmyk.jpg", "exif-rotated.jpg"})
    void readsAJpegThatOnlyLacksItsEndMarker(String name) {
        byte[] whole = golden(name);
        assertSame(withoutLast(whole, 2), whole);
        assertSame(withoutLast(whole, 1), whole);
        assertSame(inserted(withoutLast(whole, 2), whole.length - 2, "000000"), whole);
    }

    @Test
    void refusesAJpegThatLacksPixelsBeforeItsEndMarker() {
        assertCutOff(withoutLast(golden("three-shapes.jpg"), 30));
    }

    @Test
    void refusesAProgressiveJpegThatLacksWholeScans() {
        byte[] jpeg = golden("progressive.jpg");
        int lastScan = 0;
        for (int at = 0; at < jpeg.length - 1; at++) {
            lastScan = (jpeg[at] & 0xff) == 0xff && (jpeg[at + 1] & 0xff) == 0xda ? at : lastScan;
        }
        int tables = lastScan;
        while ((jpeg[tables] & 0xff) != 0xff || (jpeg[tables + 1] & 0xff) != 0xc4) {
            tables--;
        }
        assertCutOff(Arrays.copyOf(jpeg, tables));
    }

    @ParameterizedTest
    @ValueSource(strings = {"one-shape.png", "palette.png", "gray16.png", "transparent.png"})
    void readsAPngThatOnlyLacksItsEnd(String name) {
        byte[] whole = golden(name);
        for (int bytes = 1; bytes <= 16; bytes++) {
            assertSame(withoutLast(whole, bytes), whole);
        }
    }

    @Test
    void refusesAPngThatLacksPixels() {
        assertCutOff(withoutLast(golden("one-shape.png"), 30));
    }

    @Test
    void readsAGifThatIsCutAnywhereAfterItsFirstFrame() {
        byte[] whole = golden("animated.gif");
        int cut = 0;
        for (int length = whole.length; length > 100; length -= 7) {
            try {
                assertSame(Arrays.copyOf(whole, length), whole);
                cut++;
            } catch (ImageException e) {
                assertThat(e).hasMessageContaining("is cut off");
            }
        }
        assertThat(cut).isGreaterThan(whole.length / 7 / 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"transparent.gif", "interlaced.gif", "gray.gif"})
    void refusesAGifThatLacksPixelsOfItsFirstFrame(String name) {
        assertCutOff(withoutLast(format(name), 12));
    }

    @Test
    void refusesAGifWhosePixelsEndTooEarly() {
        // Clear, two pixels of 16, end: codes of three bits.
        byte[] gif = HexFormat.of()
                .parseHex("474946383961" + "04000400810000" + "090909ff000000ff000000ff" + "2c000000000400040000"
                        + "0202" + "4c0a" + "003b");
        assertThatThrownBy(() -> decoder.decode("cat.gif", gif))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("its pixels end too early");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 54, 999_999_999})
    void asksNoBmpForItsLength(int length) {
        for (String name : new String[] {"gray.bmp", "run-length.bmp", "sixteen-bits-565.bmp"}) {
            byte[] bmp = format(name);
            little(bmp).putInt(2, length);
            assertSame(bmp, format(name));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gray.bmp", "palette.bmp", "one-bit.bmp", "sixteen-bits-565.bmp", "bitfields-alpha.bmp"})
    void findsThePixelsOfABmpThatDoesNotTellWhereTheyAre(String name) {
        byte[] bmp = format(name);
        little(bmp).putInt(10, 0);
        assertSame(bmp, format(name));
    }

    @Test
    void takesTheTopRowOfABmpFirstWhereItsHeightIsNegative() {
        byte[] bmp = format("sixteen-bits-555.bmp");
        little(bmp).putInt(22, -little(bmp).getInt(22));
        assertThat(decoder.decode("turned", bmp).rgb())
                .isEqualTo(Orientation.apply(decoder.decode("whole", format("sixteen-bits-555.bmp")), 4)
                        .rgb());
    }

    @Test
    void readsTheShortestHeaderOfOs2() {
        byte[] whole = format("os2-long.bmp");
        int shorter = 64 - 16;
        byte[] bmp = new byte[whole.length - shorter];
        System.arraycopy(whole, 0, bmp, 0, 14 + 16);
        System.arraycopy(whole, 14 + 64, bmp, 14 + 16, bmp.length - 14 - 16);
        little(bmp).putInt(10, 14 + 16).putInt(14, 16);
        assertSame(bmp, whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"version-5-alpha.bmp", "rgba.tga"})
    void takesAPictureForOpaqueWhoseAlphaIsZeroEverywhere(String name) {
        byte[] file = format(name);
        int start = name.endsWith("bmp") ? 138 : 18;
        byte[] opaque = file.clone();
        for (int at = start + 3; at < start + 4 * 46 * 31; at += 4) {
            file[at] = 0;
            opaque[at] = (byte) 255;
        }
        assertSame(file, opaque);
    }

    @Test
    void readsAPlainTiffThatTellsNoLengthOrAWrongOneOfItsStrips() {
        byte[] longer = format("strips.tiff");
        int field = field(longer, 279);
        int lengths = little(longer).getInt(field + 8);
        int last = lengths
                + (little(longer).getShort(field + 2) == 3 ? 2 : 4)
                        * (little(longer).getInt(field + 4) - 1);
        little(longer).putShort(last, (short) 30_000);
        assertSame(longer, format("strips.tiff"));
        byte[] without = format("strips.tiff");
        little(without).putShort(field, (short) 65_000);
        assertSame(without, format("strips.tiff"));
    }

    /** The place of a field in the first directory of a little-endian TIFF. */
    private static int field(byte[] tiff, int tag) {
        int at = little(tiff).getInt(4) + 2;
        while (little(tiff).getShort(at) != tag) {
            at += 12;
        }
        return at;
    }

    @Test
    void turnsNoTiffWhoseOrientationIsAByte() {
        byte[] tiff = format("exif.tiff");
        little(tiff).putShort(field(tiff, 274) + 2, (short) 1);
        assertThat(decoder.decode("cat.tiff", tiff)).hasToString("46 × 31 pixels");
        assertThat(decoder.decode("cat.tiff", format("exif.tiff"))).hasToString("31 × 46 pixels");
    }

    @Test
    void readsAnIconWhoseEntryTellsAWrongLength() {
        byte[] icon = format("masked.ico");
        little(icon).putInt(6 + 16 + 8, 8);
        assertSame(icon, format("masked.ico"));
    }
}
