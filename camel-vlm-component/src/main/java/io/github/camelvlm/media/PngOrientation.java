package io.github.camelvlm.media;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.InflaterInputStream;

/**
 * The orientation of a PNG file, which may stand in its EXIF chunk, in an EXIF block that ImageMagick wrote as text, or
 * in XMP; the earlier of these counts, as in Pillow.
 */
final class PngOrientation {

    /** Larger texts are left alone; a deflated one could be any size. */
    private static final int MAX_TEXT_BYTES = 1 << 20;

    private static final String EXIF_TEXT = "Raw profile type exif";
    private static final String XMP_TEXT = "XML:com.adobe.xmp";

    private int exif = Orientation.UNKNOWN;
    private int exifText = Orientation.UNKNOWN;
    private int xmp = Orientation.UNKNOWN;

    int value() {
        return exif != Orientation.UNKNOWN ? exif : exifText != Orientation.UNKNOWN ? exifText : xmp;
    }

    /** Takes what an EXIF chunk says. */
    void exif(int orientation) {
        exif = orientation;
    }

    /** Takes a text chunk of any of the three kinds, of which {@code at} is the place of its name. */
    void text(PictureBytes file, int at, int length) {
        int data = at + 4;
        try {
            if (file.has(data, EXIF_TEXT + "\0")) {
                exifText = ofHexadecimal(file, text(file, at, data + EXIF_TEXT.length() + 1, data + length));
            } else if (file.has(data, XMP_TEXT + "\0")) {
                xmp = Orientation.fromXmp(text(file, at, data + XMP_TEXT.length() + 1, data + length));
            }
        } catch (IOException | RuntimeException e) {
            // A text that cannot be read says nothing about the pixels.
        }
    }

    /** The text that follows a keyword, inflated where it is deflated. */
    private static byte[] text(PictureBytes file, int at, int afterKeyword, int end) throws IOException {
        int start = afterKeyword;
        boolean deflated = file.has(at, "zTXt");
        if (deflated) {
            start++;
        } else if (file.has(at, "iTXt")) {
            deflated = file.u8(start) == 1;
            start += 2;
            for (int ends = 0; ends < 2; start++) {
                ends += file.u8(start) == 0 ? 1 : 0;
            }
        }
        if (deflated) {
            return new InflaterInputStream(new ByteArrayInputStream(file.bytes(), start, end - start))
                    .readNBytes(MAX_TEXT_BYTES);
        }
        return Arrays.copyOfRange(file.bytes(), start, Math.min(end, start + MAX_TEXT_BYTES));
    }

    /** An EXIF block in hexadecimal digits, before which stand an empty line, its name and its length. */
    private static int ofHexadecimal(PictureBytes file, byte[] text) {
        String[] lines = new String(text, StandardCharsets.ISO_8859_1).split("\n", -1);
        String digits = String.join("", Arrays.asList(lines).subList(3, lines.length));
        byte[] block = HexFormat.of().parseHex(digits.strip());
        return Orientation.read(file.with(block), 0, block.length);
    }
}
