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
 * A TIFF file (TIFF 6.0, and BigTIFF), of which the first picture counts. The decoder gets the file with a directory of
 * only those fields that pixels are made of, without profiles and without links to further directories.
 */
final class TiffFile implements PictureFile {
    private static final ImageReaderSpi DECODER = new TIFFImageReaderSpi();

    private static final int IMAGE_WIDTH = 256;
    private static final int IMAGE_LENGTH = 257;
    private static final int SUB_DIRECTORIES = 330;
    private static final int MAX_SUB_DIRECTORIES = 16;
    private static final int XMP = 700;
    private static final long COLOUR_FILTERS = 32803;
    private static final long LINEAR_RAW = 34892;
    private static final String CANON_RAW = "CR\2\0";
    private static final long MAX_UNSIGNED_SHORT = 0xffff;
    private static final int SHORT = 3;
    private static final int LONG = 4;

    /**
     * Those that {@link TiffColours} and {@link TiffSegments} ask for and leave as they are, fill order, T4 and T6 options, predictor, and the
     * three of YCbCr.
     */
    private static final Set<Integer> KEPT = Set.of(
            IMAGE_WIDTH,
            IMAGE_LENGTH,
            TiffColours.COMPRESSION,
            TiffColours.SAMPLES_PER_PIXEL,
            TiffColours.COLOUR_MAP,
            TiffColours.EXTRA_SAMPLES,
            273,
            278,
            279,
            284,
            322,
            323,
            324,
            325,
            266,
            292,
            293,
            317,
            529,
            530,
            531);

    /** The colour map and the places and lengths of strips or tiles; of the others there is one value, or one a sample. */
    private static final Set<Integer> LONG_FIELDS = Set.of(TiffColours.COLOUR_MAP, 273, 279, 324, 325);

    private static final int MAX_SAMPLES = 8;

    /** None, three of CCITT, LZW, Deflate (two numbers) and PackBits. */
    private static final List<Long> COMPRESSIONS = List.of(1L, 2L, 3L, 4L, 5L, 8L, 32946L, 32773L);

    private final PictureBytes file;
    private final TiffDirectory directory;
    private final TiffColours colours;
    private final long width;
    private final long height;

    /** @throws ImageException if the directory is cut off or damaged */
    TiffFile(PictureBytes file) {
        this.file = file;
        directory = TiffDirectory.first(file);
        requireNotRaw();
        colours = new TiffColours(directory);
        width = directory.value(IMAGE_WIDTH, 0);
        height = directory.value(IMAGE_LENGTH, 0);
    }

    /** The first picture of a camera's raw file is a small preview, or a sensor's values. */
    private void requireNotRaw() {
        boolean raw = file.has(8, CANON_RAW) || isRaw(directory);
        for (long at : Arrays.stream(directory.values(SUB_DIRECTORIES))
                .limit(MAX_SUB_DIRECTORIES)
                .toArray()) {
            raw |= isRaw(at);
        }
        if (raw) {
            throw OtherFormats.cameraRaw(file);
        }
    }

    private boolean isRaw(long at) {
        try {
            return isRaw(directory.at(at));
        } catch (ImageException e) {
            // What is wrong with a further picture is no fault of the first.
            return false;
        }
    }

    private static boolean isRaw(TiffDirectory directory) {
        long photometric = directory.value(TiffColours.PHOTOMETRIC, 0);
        return photometric == COLOUR_FILTERS || photometric == LINEAR_RAW;
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
        int orientation = Orientation.read(directory);
        return orientation == Orientation.UNKNOWN ? Orientation.fromXmp(directory.bytes(XMP)) : orientation;
    }

    @Override
    public long decodingBytes() {
        return PictureFile.footprint(width, height, colours.sampleBytes() + 3);
    }

    @Override
    public RgbImage decode() throws IOException {
        long compression = directory.value(TiffColours.COMPRESSION, 1);
        TiffSegments segments = TiffSegments.of(directory, width, height);
        if (compression == TiffJpeg.COMPRESSION) {
            RgbImage image = new TiffJpeg(directory, segments, colours.colours()).decode((int) width, (int) height);
            return Orientation.apply(image, orientation());
        }
        if (!COMPRESSIONS.contains(compression)) {
            throw file.unsupported("a TIFF with " + compressionName((int) compression));
        }
        Colours samples = colours.colours();
        Raster raster = Readers.with(DECODER, file.with(bare(segments)), reader -> {
            ImageReadParam param = reader.getDefaultReadParam();
            param.setDestinationType(reader.getRawImageType(0));
            return reader.read(0, param).getRaster();
        });
        return Orientation.apply(Colours.convert(raster, samples), orientation());
    }

    private static String compressionName(int compression) {
        return switch (compression) {
            case 6 -> "JPEG compression of the old style";
            case 9, 10, 34661 -> "JBIG compression";
            case 32766 -> "NeXT compression";
            case 32771 -> "fax compression of words";
            case 32809 -> "ThunderScan compression";
            case 32908, 32909 -> "Pixar compression";
            case 33003, 33004, 33005, 34712 -> "JPEG 2000 compression";
            case 34676, 34677 -> "LogLuv compression";
            case 34887 -> "LERC compression";
            case 34892 -> "lossy JPEG compression of a camera";
            case 34925 -> "LZMA compression";
            case 34926, 50000 -> "Zstandard compression";
            case 34927, 50001 -> "WebP compression";
            case 50002, 52546 -> "JPEG XL compression";
            default -> "an unknown compression, number " + compression;
        };
    }

    /** The file with a new directory of the plain kind at its end, to which its header points. */
    private byte[] bare(TiffSegments segments) {
        Map<Integer, long[]> kept = new TreeMap<>();
        for (int tag : KEPT) {
            long[] values = directory.values(tag);
            if (values.length > 0) {
                kept.put(
                        tag,
                        LONG_FIELDS.contains(tag)
                                ? values
                                : Arrays.copyOf(values, Math.min(values.length, MAX_SAMPLES)));
            }
        }
        kept.put(TiffColours.PHOTOMETRIC, new long[] {colours.photometric()});
        kept.put(TiffSegments.bytesTag(directory), segments.bytes());
        kept.put(TiffColours.BITS_PER_SAMPLE, colours.bitsPerSample());
        int valueBytes =
                kept.values().stream().mapToInt(values -> 4 * values.length).sum();
        int start = file.length() + file.length() % 2;
        int values = start + 2 + 12 * kept.size() + 4;
        byte[] bytes = Arrays.copyOf(file.bytes(), values + valueBytes);
        ByteBuffer out =
                ByteBuffer.wrap(bytes).order(directory.littleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        out.putShort(2, (short) '*').putInt(4, start);
        out.position(start).putShort((short) kept.size());
        for (Map.Entry<Integer, long[]> field : kept.entrySet()) {
            values = write(field.getKey(), field.getValue(), out, values);
        }
        return bytes;
    }

    /** Writes a field, and values that do not fit into it to {@code values}; gives where the next field's may go. */
    private static int write(int tag, long[] numbers, ByteBuffer out, int values) {
        boolean small = Arrays.stream(numbers).allMatch(number -> number <= MAX_UNSIGNED_SHORT);
        int size = small ? 2 : 4;
        out.putShort((short) tag).putShort((short) (small ? SHORT : LONG)).putInt(numbers.length);
        int next = out.position() + 4;
        boolean inline = size * numbers.length <= 4;
        if (!inline) {
            out.putInt(values).position(values);
        }
        for (long number : numbers) {
            if (small) {
                out.putShort((short) number);
            } else {
                out.putInt((int) number);
            }
        }
        int end = inline ? values : out.position() + out.position() % 2;
        out.position(next);
        return end;
    }
}
