package io.github.camelvlm.media;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An image file directory of a TIFF file (TIFF 6.0, section 2), which is also the form of EXIF blocks, or of a BigTIFF
 * file, whose offsets have 8 bytes. Every value is checked to lie within the file.
 *
 * @param file the whole file, or the EXIF block
 * @param littleEndian the byte order of everything in it
 * @param big whether it is a BigTIFF file
 * @param entries by tag number
 */
record TiffDirectory(PictureBytes file, boolean littleEndian, boolean big, Map<Integer, Entry> entries) {

    /**
     * One field of the directory.
     *
     * @param type how its values are written, 1 (byte) to 18 (offset of 8 bytes)
     * @param count the number of its values; -1 where they lie past the end of the file
     * @param valueAt where its values begin
     */
    record Entry(int type, int count, int valueAt) {}

    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};

    /** Strips of one row of a picture of a million rows; more would take memory that its size does not tell of. */
    private static final int MAX_VALUES = 1 << 20;

    /** Bytes, numbers of 16, 32 and 64 bits, and the offsets of directories in 32 and 64 bits. */
    private static final int[] WHOLE_TYPES = {1, 3, 4, 13, 16, 18};

    /** Whether the file begins as one in either byte order does, of the plain kind or the big one. */
    static boolean begins(PictureBytes file) {
        return file.has(0, "II*\0") || file.has(0, "MM\0*") || file.has(0, "II+\0") || file.has(0, "MM\0+");
    }

    /** @throws ImageException if the directory does not lie within the file */
    static TiffDirectory first(PictureBytes file) {
        if (!begins(file)) {
            throw file.damaged("it has no TIFF header");
        }
        boolean littleEndian = file.has(0, "II");
        boolean big = file.u16(2, littleEndian) == '+';
        return at(file, littleEndian, big, big ? file.u64(8, littleEndian) : file.u32(4, littleEndian));
    }

    /** The directory at another place of the same file. */
    TiffDirectory at(long start) {
        return at(file, littleEndian, big, start);
    }

    private static TiffDirectory at(PictureBytes file, boolean littleEndian, boolean big, long start) {
        int sizeBytes = big ? 8 : 2;
        int entryBytes = big ? 20 : 12;
        int inlineBytes = big ? 8 : 4;
        file.require(start, sizeBytes);
        long size = big ? file.u64((int) start, littleEndian) : file.u16((int) start, littleEndian);
        if (size < 0 || size > file.length()) {
            throw file.cutOff();
        }
        file.require(start, sizeBytes + size * entryBytes);
        Map<Integer, Entry> entries = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            int at = (int) start + sizeBytes + i * entryBytes;
            int type = file.u16(at + 2, littleEndian);
            if (type >= TYPE_BYTES.length || TYPE_BYTES[type] == 0) {
                continue;
            }
            long count = big ? file.u64(at + 4, littleEndian) : file.u32(at + 4, littleEndian);
            boolean fits = count >= 0 && count <= file.length();
            long bytes = fits ? count * TYPE_BYTES[type] : 0;
            int inline = at + entryBytes - inlineBytes;
            long valueAt = bytes <= inlineBytes
                    ? inline
                    : big ? file.u64(inline, littleEndian) : file.u32(inline, littleEndian);
            // A private field may point anywhere; it is a fault only where the field is asked for.
            fits &= valueAt >= 0 && valueAt <= file.length() - bytes;
            entries.putIfAbsent(
                    file.u16(at, littleEndian),
                    fits ? new Entry(type, (int) count, (int) valueAt) : new Entry(type, -1, -1));
        }
        return new TiffDirectory(file, littleEndian, big, entries);
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
        if (entry.count() > MAX_VALUES) {
            throw file.damaged("it declares " + entry.count() + " values where so many make no sense");
        }
        int size = TYPE_BYTES[entry.type()];
        boolean whole = Arrays.stream(WHOLE_TYPES).anyMatch(type -> type == entry.type());
        long[] values = new long[whole ? entry.count() : 0];
        for (int i = 0; i < values.length; i++) {
            int at = entry.valueAt() + i * size;
            values[i] = switch (size) {
                case 1 -> file.u8(at);
                case 2 -> file.u16(at, littleEndian);
                case 4 -> file.u32(at, littleEndian);
                default -> file.u64(at, littleEndian);
            };
        }
        return values;
    }

    /** The bytes of a field; none if it is missing or lies past the end of the file. */
    byte[] bytes(int tag) {
        Entry entry = entries.get(tag);
        if (entry == null || entry.count() < 0) {
            return new byte[0];
        }
        int length = entry.count() * TYPE_BYTES[entry.type()];
        return Arrays.copyOfRange(file.bytes(), entry.valueAt(), entry.valueAt() + length);
    }
}
