package io.github.camelvlm.media;

import java.util.function.IntToLongFunction;

/**
 * The strips or tiles that the pixels of a TIFF file lie in, each found to be within the file (TIFF 6.0, sections 3
 * and 15).
 *
 * @param width columns of a segment
 * @param height rows of a segment; the last strip has those that are left
 * @param across segments side by side
 * @param offsets where each begins, row by row, then plane by plane
 * @param bytes how long each is
 */
record TiffSegments(int width, int height, int across, long[] offsets, long[] bytes) {
    private static final int UNCOMPRESSED = 1;
    private static final int STRIP_OFFSETS = 273;
    private static final int SAMPLES_PER_PIXEL = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int STRIP_BYTE_COUNTS = 279;
    private static final int PLANAR_CONFIGURATION = 284;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_LENGTH = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTE_COUNTS = 325;

    /** Larger tiles than this and than the picture would take memory that its size does not tell of. */
    private static final long MAX_TILE_SIDE = 1024;

    /** @throws ImageException if a segment is missing or does not lie within the file */
    static TiffSegments of(TiffDirectory directory, long width, long height) {
        PictureBytes file = directory.file();
        boolean tiled = directory.has(TILE_OFFSETS);
        long columns = tiled ? directory.value(TILE_WIDTH, 0) : width;
        long rows = tiled ? directory.value(TILE_LENGTH, 0) : Math.min(height, directory.value(ROWS_PER_STRIP, height));
        if (columns < 1
                || rows < 1
                || tiled && columns > Math.max(MAX_TILE_SIDE, 2 * width)
                || tiled && rows > Math.max(MAX_TILE_SIDE, 2 * height)) {
            throw file.damaged("its parts are " + columns + " × " + rows + " pixels");
        }
        long[] offsets = directory.values(tiled ? TILE_OFFSETS : STRIP_OFFSETS);
        long[] bytes = directory.values(tiled ? TILE_BYTE_COUNTS : STRIP_BYTE_COUNTS);
        long planes = directory.value(PLANAR_CONFIGURATION, 1) == 2 ? directory.value(SAMPLES_PER_PIXEL, 1) : 1;
        long across = (width + columns - 1) / columns;
        long down = (height + rows - 1) / rows;
        long expected = planes * across * down;
        if (directory.value(TiffColours.COMPRESSION, 1) == UNCOMPRESSED && offsets.length >= expected) {
            long samples = planes > 1 ? 1 : directory.value(SAMPLES_PER_PIXEL, 1);
            long rowBytes = (columns * samples * directory.value(TiffColours.BITS_PER_SAMPLE, 1) + 7) / 8;
            long last = tiled ? rows : height - rows * (down - 1);
            bytes = plainBytes(bytes, (int) expected, i -> rowBytes * (i % down == down - 1 ? last : rows));
        }
        if (offsets.length < expected || bytes.length < expected) {
            throw file.damaged("it has " + Math.min(offsets.length, bytes.length) + " of " + expected + " parts");
        }
        for (int i = 0; i < expected; i++) {
            file.require(offsets[i], bytes[i]);
        }
        return new TiffSegments((int) columns, (int) rows, (int) across, offsets, bytes);
    }

    /** The lengths of segments that are not compressed: what is declared may be missing, or more than their pixels take. */
    private static long[] plainBytes(long[] declared, int count, IntToLongFunction needed) {
        long[] bytes = new long[count];
        for (int i = 0; i < count; i++) {
            long most = needed.applyAsLong(i);
            bytes[i] = i < declared.length && declared[i] > 0 ? Math.min(declared[i], most) : most;
        }
        return bytes;
    }

    /** The field that holds the lengths. */
    static int bytesTag(TiffDirectory directory) {
        return directory.has(TILE_OFFSETS) ? TILE_BYTE_COUNTS : STRIP_BYTE_COUNTS;
    }
}
