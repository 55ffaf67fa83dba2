package io.github.camelvlm.media;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.imageio.ImageReadParam;
import javax.imageio.spi.ImageReaderSpi;

/**
 * A TIFF file (TIFF 6.0), of which the first picture counts. The decoder gets the file with a directory of only those
 * fields that pixels are made of, without profiles and without links to further directories.
 */
final class TiffFile implements PictureFile {
    private static final ImageReaderSpi DECODER = new TIFFImageReaderSpi();

    private static final int IMAGE_WIDTH = 256;
    private static final int IMAGE_LENGTH = 257;
    private static final int BITS_PER_SAMPLE = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int STRIP_OFFSETS = 273;
    private static final int SAMPLES_PER_PIXEL = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int STRIP_BYTE_COUNTS = 279;
    private static final int PLANAR_CONFIGURATION = 284;
    private static final int COLOUR_MAP = 320;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_LENGTH = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTE_COUNTS = 325;
    private static final int EXTRA_SAMPLES = 338;
    private static final int SAMPLE_FORMAT = 339;

    /** Those above and fill order, T4 and T6 options, predictor, and the three of YCbCr. */
    private static final Set<Integer> KEPT = Set.of(
            IMAGE_WIDTH,
            IMAGE_LENGTH,
            BITS_PER_SAMPLE,
            COMPRESSION,
            PHOTOMETRIC,
            STRIP_OFFSETS,
            SAMPLES_PER_PIXEL,
            ROWS_PER_STRIP,
            STRIP_BYTE_COUNTS,
            PLANAR_CONFIGURATION,
            COLOUR_MAP,
            TILE_WIDTH,
            TILE_LENGTH,
            TILE_OFFSETS,
            TILE_BYTE_COUNTS,
            EXTRA_SAMPLES,
            SAMPLE_FORMAT,
            266,
            292,
            293,
            317,
            529,
            530,
            531);

    /** None, three of CCITT, LZW, Deflate (two numbers) and PackBits. */
    private static final List<Long> COMPRESSIONS = List.of(1L, 2L, 3L, 4L, 5L, 8L, 32946L, 32773L);

    private static final int MAX_SAMPLES = 8;

    private final PictureBytes file;
    private final TiffDirectory directory;
    private final long width;
    private final long height;

    /** @throws ImageException if the directory is cut off or damaged */
    TiffFile(PictureBytes file) {
        this.file = file;
        directory = TiffDirectory.first(file);
        width = directory.value(IMAGE_WIDTH, 0);
        height = directory.value(IMAGE_LENGTH, 0);
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
    public int orientation() {
        return Orientation.read(directory);
    }

    @Override
    public RgbImage decode() throws IOException {
        long compression = directory.value(COMPRESSION, 1);
        TiffSegments segments = TiffSegments.of(directory, width, height);
        if (compression == TiffJpeg.COMPRESSION) {
            RgbImage image = new TiffJpeg(directory, segments).decode((int) width, (int) height);
            return Orientation.apply(image, Orientation.read(directory));
        }
        if (!COMPRESSIONS.contains(compression)) {
            throw file.unsupported("a TIFF of compression " + compression);
        }
        Colours colours = colours();
        Raster raster = Readers.with(DECODER, bare(), reader -> {
            ImageReadParam param = reader.getDefaultReadParam();
            param.setDestinationType(reader.getRawImageType(0));
            return reader.read(0, param).getRaster();
        });
        return Orientation.apply(Colours.convert(raster, colours), Orientation.read(directory));
    }

    private int samples() {
        return (int) Math.min(MAX_SAMPLES + 1, directory.value(SAMPLES_PER_PIXEL, 1));
    }

    private int bits() {
        return (int) directory.value(BITS_PER_SAMPLE, 1);
    }

    private Colours colours() {
        long[] bits = directory.values(BITS_PER_SAMPLE);
        if (Arrays.stream(bits).anyMatch(b -> b != bits[0])
                || !List.of(1, 2, 4, 8, 16).contains(bits())
                || directory.value(SAMPLE_FORMAT, 1) != 1
                || samples() > MAX_SAMPLES) {
            throw file.unsupported("a TIFF of " + Arrays.toString(bits) + " bits, or of numbers other than whole ones");
        }
        int samples = samples();
        int shift = bits() == 16 ? 8 : 0;
        long photometric = directory.value(PHOTOMETRIC, samples >= 3 ? 2 : 1);
        if (photometric <= 1 && samples == 1) {
            return bits() == 16 ? Colours.gray(1, 8) : Colours.table(grays(photometric == 0));
        }
        if (photometric <= 1 && samples == 2 && bits() >= 8) {
            return extra() == Extra.ALPHA ? Colours.grayAlpha(shift) : Colours.gray(2, shift);
        }
        if ((photometric == 2 || photometric == 6) && samples >= 3 && bits() >= 8) {
            Colours rgb =
                    samples == 3 || extra() == Extra.NONE ? Colours.rgb(samples, shift) : Colours.rgba(samples, shift);
            return samples > 3 && extra() == Extra.PREMULTIPLIED_ALPHA ? unmultiplied(samples, shift, rgb) : rgb;
        }
        if (photometric == 3 && samples == 1 && bits() <= 8) {
            return Colours.table(palette());
        }
        if (photometric == 5 && samples >= 4 && bits() >= 8) {
            return Colours.cmyk(samples, shift);
        }
        throw file.unsupported("a TIFF of colour kind " + photometric + " with " + samples + " × " + bits() + " bits");
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
        return (samples, pixels, rgb, at) -> {
            for (int i = 0; i < bands * pixels; i += bands) {
                int alpha = samples[i + 3] >> shift;
                for (int c = i; alpha > 0 && c < i + 3; c++) {
                    samples[c] = Math.min(255, (samples[c] >> shift) * 255 / alpha) << shift;
                }
            }
            rgba.toRgb(samples, pixels, rgb, at);
        };
    }

    /** The decoder turns values where zero is white, save those of one bit. */
    private int[] grays(boolean whiteIsZero) {
        int[] grays = new int[1 << bits()];
        for (int i = 0; i < grays.length; i++) {
            int value = i * 255 / (grays.length - 1);
            grays[i] = (whiteIsZero && bits() == 1 ? 255 - value : value) * 0x010101;
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

    /** The file with a new directory at its end, to which its header points. */
    private byte[] bare() {
        Map<Integer, TiffDirectory.Entry> kept = new TreeMap<>(directory.entries());
        kept.keySet().retainAll(KEPT);
        int start = file.length() + file.length() % 2;
        byte[] bytes = Arrays.copyOf(file.bytes(), start + 2 + 12 * kept.size() + 4);
        ByteBuffer out =
                ByteBuffer.wrap(bytes).order(directory.littleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        out.putInt(4, start);
        out.position(start);
        out.putShort((short) kept.size());
        kept.values().forEach(entry -> out.put(file.bytes(), entry.at(), 12));
        return bytes;
    }
}
