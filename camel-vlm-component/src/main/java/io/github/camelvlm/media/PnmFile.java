package io.github.camelvlm.media;

import java.nio.charset.StandardCharsets;

/** A Netpbm file: PBM, PGM or PPM, plain or raw, of up to 16 bits, or PAM. */
final class PnmFile implements PictureFile {
    private static final int MAX_VALUE = 0xffff;
    private static final int MAX_DIGITS = 10;
    private static final int PLAIN_BITS = 1;
    private static final int PLAIN_COLOURS = 3;
    private static final int RAW_BITS = 4;
    private static final int RAW_COLOURS = 6;
    private static final int PAM = 7;

    private final PictureBytes file;
    private final int kind;
    private int at;
    private int width;
    private int height;
    private int bands = 1;
    private int largest = 1;

    /** Whether the file begins as one: a P, the digit of its kind, and space. */
    static boolean begins(PictureBytes file) {
        return file.length() > 2 && file.u8(0) == 'P' && file.u8(1) >= '1' && file.u8(1) <= '7' && isSpace(file.u8(2));
    }

    /** @throws ImageException if its header is cut off or damaged */
    PnmFile(PictureBytes file) {
        this.file = file;
        kind = file.u8(1) - '0';
        at = 2;
        if (kind == PAM) {
            readNames();
        } else {
            width = number();
            height = number();
            bands = kind == PLAIN_COLOURS || kind == RAW_COLOURS ? 3 : 1;
            largest = isBits() ? 1 : number();
            // One byte of space stands before the pixels of a raw file.
            at += kind >= RAW_BITS ? 1 : 0;
        }
        if (largest < 1 || largest > MAX_VALUE || bands < 1 || bands > 4) {
            throw file.damaged("it declares " + bands + " values up to " + largest + " for a pixel");
        }
    }

    private boolean isBits() {
        return kind == PLAIN_BITS || kind == RAW_BITS;
    }

    private static boolean isSpace(int value) {
        return value == ' ' || value >= '\t' && value <= '\r';
    }

    private void readNames() {
        for (String name = word(); !name.equals("ENDHDR"); name = word()) {
            switch (name) {
                case "WIDTH" -> width = number();
                case "HEIGHT" -> height = number();
                case "DEPTH" -> bands = number();
                case "MAXVAL" -> largest = number();
                default -> skipLine();
            }
        }
        skipLine();
    }

    private void skipLine() {
        while (file.u8(at++) != '\n') {
            continue;
        }
    }

    private void skipSpace() {
        while (isSpace(file.u8(at)) || file.u8(at) == '#') {
            if (file.u8(at) == '#') {
                while (file.u8(at) != '\n' && file.u8(at) != '\r') {
                    at++;
                }
            } else {
                at++;
            }
        }
    }

    private String word() {
        skipSpace();
        int start = at;
        while (!isSpace(file.u8(at))) {
            at++;
        }
        return new String(file.bytes(), start, at - start, StandardCharsets.US_ASCII);
    }

    private int number() {
        skipSpace();
        int start = at;
        long value = 0;
        while (at < file.length() && file.u8(at) >= '0' && file.u8(at) <= '9' && at - start <= MAX_DIGITS) {
            value = 10 * value + file.u8(at++) - '0';
        }
        if (at == start || value > Integer.MAX_VALUE) {
            throw file.damaged("it has no number where one should stand");
        }
        return (int) value;
    }

    @Override
    public long width() {
        return width;
    }

    @Override
    public long height() {
        return height;
    }

    @Override
    public long decodingBytes() {
        return PictureFile.footprint(width, height, bands);
    }

    @Override
    public RgbImage decode() {
        int rowValues = width * bands;
        if (kind >= RAW_BITS) {
            long rowBytes = isBits() ? (width + 7) / 8 : (long) rowValues * (largest > 255 ? 2 : 1);
            file.require(at, rowBytes * height);
        } else if ((long) rowValues * height > file.length() - at) {
            throw file.cutOff();
        }
        byte[] values = new byte[Math.multiplyExact(rowValues, height)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) value(i / rowValues, i % rowValues);
        }
        Colours colours =
                switch (bands) {
                    case 1 -> Colours.gray(1, 0);
                    case 2 -> Colours.grayAlpha(0);
                    case 3 -> Colours.rgb(3, 0);
                    default -> Colours.rgba(4, 0);
                };
        return Colours.convert(values, width, height, bands, colours);
    }

    /** The next value, brought to 8 bits. */
    private int value(int row, int i) {
        if (kind == PLAIN_BITS) {
            skipSpace();
            int digit = file.u8(at++);
            if (digit != '0' && digit != '1') {
                throw file.damaged("it has no bit where one should stand");
            }
            return digit == '0' ? 255 : 0;
        }
        if (kind == RAW_BITS) {
            return (file.u8(at + (width + 7) / 8 * row + i / 8) >> 7 - i % 8 & 1) == 0 ? 255 : 0;
        }
        if (kind < RAW_BITS) {
            int value = number();
            if (value > largest) {
                throw file.damaged("it has a value of " + value + ", above the largest it declares, " + largest);
            }
            return scaled(value);
        }
        int value = largest > 255 ? file.u16(at, false) : file.u8(at);
        at += largest > 255 ? 2 : 1;
        return scaled(value);
    }

    /** Rounded as Pillow does; grays of 16 bits keep their upper 8. */
    private int scaled(int value) {
        double share = (double) value / largest;
        if (largest > 255 && bands == 1) {
            return Math.min(MAX_VALUE, (int) Math.rint(share * MAX_VALUE)) >> 8;
        }
        return Math.min(255, (int) Math.rint(share * 255));
    }
}
