package io.github.camelvlm.media;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Which colours the samples of a TIFF file are (TIFF 6.0, parts 2 and 3). */
final class TiffColours {
    static final int BITS_PER_SAMPLE = 258;
    static final int COMPRESSION = 259;
    static final int PHOTOMETRIC = 262;
    static final int SAMPLES_PER_PIXEL = 277;
    static final int COLOUR_MAP = 320;
    static final int EXTRA_SAMPLES = 338;
    static final int SAMPLE_FORMAT = 339;

    private static final int MAX_SAMPLES = 8;
    private static final int SIGNED = 2;
    private static final int FLOATING_POINT = 3;
    private static final int WHITE_IS_ZERO = 0;
    private static final int BLACK_IS_ZERO = 1;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int INKS = 5;
    private static final int YCC = 6;

    private final TiffDirectory directory;
    private final boolean jpeg;
    private final int samples;
    private final int bits;

    TiffColours(TiffDirectory directory) {
        this.directory = directory;
        jpeg = directory.value(COMPRESSION, 1) == TiffJpeg.COMPRESSION;
        samples = (int) Math.min(MAX_SAMPLES + 1, directory.value(SAMPLES_PER_PIXEL, 1));
        bits = (int) Math.min(Byte.MAX_VALUE, directory.value(BITS_PER_SAMPLE, 1));
    }

    /** The bytes that the samples of a pixel take once they are unpacked. */
    int sampleBytes() {
        return samples * (bits > 8 ? 2 : 1);
    }

    /** The bits of each sample. */
    long[] bitsPerSample() {
        long[] all = new long[samples];
        Arrays.fill(all, bits);
        return all;
    }

    /** What the file says of its colours; where it says nothing, what libtiff and Pillow take them for. */
    long photometric() {
        return directory.value(PHOTOMETRIC, jpeg ? YCC : samples >= 3 ? RGB : WHITE_IS_ZERO);
    }

    /** @throws ImageException if the samples are of a kind that is not supported */
    Colours colours() {
        requireWholeNumbers();
        int shift = bits == 16 ? 8 : 0;
        int photometric = (int) photometric();
        if (photometric <= BLACK_IS_ZERO && samples == 1) {
            return bits == 16 ? Colours.gray(1, 8) : Colours.table(grays(photometric == WHITE_IS_ZERO));
        }
        if (photometric <= BLACK_IS_ZERO && samples == 2 && bits >= 8) {
            return extra() == Extra.ALPHA ? Colours.grayAlpha(shift) : Colours.gray(2, shift);
        }
        if (jpeg && photometric == YCC && samples == 3) {
            return YccColours.colours();
        }
        if ((photometric == RGB || photometric == YCC && !jpeg) && samples >= 3 && bits >= 8) {
            Colours rgb =
                    samples == 3 || extra() == Extra.NONE ? Colours.rgb(samples, shift) : Colours.rgba(samples, shift);
            return samples > 3 && extra() == Extra.PREMULTIPLIED_ALPHA ? unmultiplied(samples, shift, rgb) : rgb;
        }
        if (photometric == PALETTE && samples == 1 && bits <= 8) {
            return Colours.table(palette());
        }
        if (photometric == PALETTE && samples == 2 && bits == 8) {
            return extra() == Extra.NONE ? Colours.table(palette(), 2) : Colours.tableAlpha(palette());
        }
        if (photometric == INKS && samples >= 4 && bits >= 8) {
            return Colours.cmyk(samples, shift);
        }
        throw directory.file().unsupported("a TIFF of " + samples + " × " + bits + " bits of " + name(photometric));
    }

    private void requireWholeNumbers() {
        PictureBytes file = directory.file();
        // Some writers give one size for all samples, or one more than there are.
        long[] all =
                Arrays.stream(directory.values(BITS_PER_SAMPLE)).limit(samples).toArray();
        if (Arrays.stream(all).anyMatch(b -> b != all[0])) {
            String sizes = Arrays.stream(all).mapToObj(Long::toString).collect(Collectors.joining(", "));
            throw file.unsupported("a TIFF whose samples have different sizes, " + sizes + " bits");
        }
        if (directory.value(SAMPLE_FORMAT, 1) == SIGNED && bits != 8) {
            throw file.unsupported("a TIFF of signed " + bits + "-bit samples");
        }
        if (directory.value(SAMPLE_FORMAT, 1) == FLOATING_POINT) {
            throw file.unsupported("a TIFF of " + bits + "-bit floating-point samples");
        }
        if (directory.value(SAMPLE_FORMAT, 1) > FLOATING_POINT + 1) {
            throw file.unsupported("a TIFF of complex numbers");
        }
        if (!List.of(1, 2, 4, 8, 16).contains(bits)) {
            throw file.unsupported("a TIFF of " + bits + "-bit samples");
        }
        if (samples > MAX_SAMPLES) {
            throw file.unsupported("a TIFF of more than " + MAX_SAMPLES + " samples per pixel");
        }
    }

    private static String name(int photometric) {
        return switch (photometric) {
            case WHITE_IS_ZERO, BLACK_IS_ZERO -> "gray";
            case RGB -> "red, green and blue";
            case PALETTE -> "palette colours";
            case 4 -> "a transparency mask";
            case INKS -> "inks";
            case YCC -> "luma and colour differences";
            case 8, 9, 10 -> "L*a*b* colours";
            case 32844, 32845 -> "LogLuv colours";
            default -> "unknown colours, number " + photometric;
        };
    }

    private enum Extra {
        NONE,
        PREMULTIPLIED_ALPHA,
        ALPHA
    }

    /** What the first sample after the colours is; where the file does not say, Pillow takes it for alpha. */
    private Extra extra() {
        return switch ((int) directory.value(EXTRA_SAMPLES, 2)) {
            case 0 -> Extra.NONE;
            case 1 -> Extra.PREMULTIPLIED_ALPHA;
            default -> Extra.ALPHA;
        };
    }

    /** Colours already multiplied by their alpha, divided by it as Pillow does. */
    private static Colours unmultiplied(int bands, int shift, Colours rgba) {
        return (values, pixels, rgb, at) -> {
            for (int i = 0; i < bands * pixels; i += bands) {
                int alpha = values[i + 3] >> shift;
                for (int c = i; alpha > 0 && c < i + 3; c++) {
                    values[c] = Math.min(255, (values[c] >> shift) * 255 / alpha) << shift;
                }
            }
            rgba.toRgb(values, pixels, rgb, at);
        };
    }

    /** The decoder turns values where zero is white, save those of one bit; that of JPEG turns none. */
    private int[] grays(boolean whiteIsZero) {
        int[] grays = new int[1 << bits];
        for (int i = 0; i < grays.length; i++) {
            int value = i * 255 / (grays.length - 1);
            grays[i] = (whiteIsZero && (bits == 1 || jpeg) ? 255 - value : value) * 0x010101;
        }
        return grays;
    }

    private int[] palette() {
        long[] map = directory.values(COLOUR_MAP);
        int size = map.length / 3;
        int[] palette = new int[size];
        for (int i = 0; i < size; i++) {
            palette[i] = (int) (map[i] >> 8 << 16 | map[size + i] >> 8 << 8 | map[2 * size + i] >> 8);
        }
        return palette;
    }
}
