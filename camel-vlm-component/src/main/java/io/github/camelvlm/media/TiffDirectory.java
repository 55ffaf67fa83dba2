package io.github.camelvlm.media;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The first image file directory of a TIFF file (TIFF 6.0, section 2), which is also the form of EXIF blocks. Every value
 * is checked to lie within the file.
 *
 * @param file the whole file, or the EXIF block
 * @param littleEndian the byte order of everything in it
 * @param entries by tag number
 */
record TiffDirectory(PictureBytes file, boolean littleEndian, Map<Integer, Entry> entries) {

    /**
     * One field of the directory.
     *
     * @param at where its 12 bytes begin
     * @param type how its values are written, 1 (byte) to 12 (double)
     * @param count the number of its values
     * @param valueAt where its values begin
     */
    record Entry(int at, int type, int count, int valueAt) {}

    private static final int ENTRY_BYTES = 12;
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};
    private static final int TYPE_SHORT = 3;
    private static final int TYPE_LONG = 4;

    /** @throws ImageException if the directory does not lie within the file */
    static TiffDirectory first(PictureBytes file) {
        boolean littleEndian = file.has(0, "II*\0");
        if (!littleEndian && !file.has(0, "MM\0*")) {
            throw file.damaged("it has no TIFF header");
        }
        long start = file.u32(4, littleEndian);
        file.require(start, 2);
        int size = file.u16((int) start, littleEndian);
        file.require(start, 2 + (long) size * ENTRY_BYTES);
        Map<Integer, Entry> entries = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            int at = (int) start + 2 + i * ENTRY_BYTES;
            int type = file.u16(at + 2, littleEndian);
            if (type < 1 || type >= TYPE_BYTES.length) {
                continue;
            }
            long count = file.u32(at + 4, littleEndian);
            long bytes = count * TYPE_BYTES[type];
            long valueAt = bytes <= 4 ? at + 8 : file.u32(at + 8, littleEndian);
            // A private field may point anywhere; it is a fault only where the field is asked for.
            if (valueAt + bytes <= file.length()) {
                entries.putIfAbsent(file.u16(at, littleEndian), new Entry(at, type, (int) count, (int) valueAt));
            } else {
                entries.putIfAbsent(file.u16(at, littleEndian), new Entry(at, type, -1, -1));
            }
        }
        return new TiffDirectory(file, littleEndian, entries);
    }

    /** Whether the field is there. */
    boolean has(int tag) {
        return entries.containsKey(tag);
    }

    /** The first value of a field of whole numbers, or {@code otherwise} if there is none. */
    long value(int tag, long otherwise) {
        long[] values = values(tag);
        return values.length == 0 ? otherwise : values[0];
    }

    /**
     * The values of a field of whole numbers; none if the field is missing or of another kind.
     *
     * @throws ImageException if they lie past the end of the file
     */
    long[] values(int tag) {
        Entry entry = entries.get(tag);
        if (entry == null) {
            return new long[0];
        }
        if (entry.count() < 0) {
            throw file.cutOff();
        }
        int size = TYPE_BYTES[entry.type()];
        boolean whole = entry.type() == 1 || entry.type() == TYPE_SHORT || entry.type() == TYPE_LONG;
        long[] values = new long[whole ? entry.count() : 0];
        for (int i = 0; i < values.length; i++) {
            int at = entry.valueAt() + i * size;
            values[i] = size == 1 ? file.u8(at) : size == 2 ? file.u16(at, littleEndian) : file.u32(at, littleEndian);
        }
        return values;
    }
}
