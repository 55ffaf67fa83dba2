package io.github.camelvlm.document;

import io.github.camelvlm.chat.EncodedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * The pages of a TIFF file: each is a file of its own by another offset in its header.
 *
 * @see <a href="https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf">TIFF 6.0</a>
 */
final class TiffPages implements DocumentPages {
    private static final int CLASSIC = 42;
    private static final int FIRST_OFFSET = 4;
    private static final int ENTRY = 12;
    private static final int NEW_SUBFILE_TYPE = 254;
    private static final int REDUCED = 1;
    private static final int MASK = 4;
    /** Whatever its chain of pages says. */
    private static final int MOST_PAGES = 10_000;

    private final String name;
    private final byte[] file;
    private final int[] offsets;
    private final int[] wanted;
    private int next;

    TiffPages(String name, byte[] file, DocumentOptions options) {
        this.name = name;
        this.file = file;
        offsets = offsets(file);
        wanted = options.pages().of(offsets.length, options.maxPages());
    }

    /** How many pages a file has; 0 if it is no TIFF. */
    static int count(byte[] file) {
        return offsets(file).length;
    }

    /** A thumbnail, a smaller copy or a mask of another page is none. */
    private static boolean isPage(ByteBuffer buffer, int offset) {
        int entries = Short.toUnsignedInt(buffer.getShort(offset));
        for (int i = 0; i < entries; i++) {
            int at = offset + 2 + ENTRY * i;
            if (buffer.getShort(at) == NEW_SUBFILE_TYPE) {
                return (buffer.getInt(at + 8) & (REDUCED | MASK)) == 0;
            }
        }
        return true;
    }

    private static int[] offsets(byte[] file) {
        ByteBuffer buffer = ByteBuffer.wrap(file);
        if (file.length < FIRST_OFFSET + Integer.BYTES || !isTiff(buffer)) {
            return new int[0];
        }
        // A chain may lead back into itself.
        Set<Integer> seen = new LinkedHashSet<>();
        Set<Integer> pages = new LinkedHashSet<>();
        long offset = Integer.toUnsignedLong(buffer.getInt(FIRST_OFFSET));
        while (offset > 0 && offset + 2 <= file.length && seen.size() < MOST_PAGES && seen.add((int) offset)) {
            long end = offset + 2 + (long) ENTRY * Short.toUnsignedInt(buffer.getShort((int) offset));
            if (end + Integer.BYTES > file.length) {
                break;
            }
            if (isPage(buffer, (int) offset)) {
                pages.add((int) offset);
            }
            offset = Integer.toUnsignedLong(buffer.getInt((int) end));
        }
        return pages.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Also says in which order the numbers of the file have their bytes. */
    private static boolean isTiff(ByteBuffer buffer) {
        char order = buffer.order(ByteOrder.BIG_ENDIAN).getChar(0);
        if (order != 0x4949 && order != 0x4D4D) {
            return false;
        }
        buffer.order(order == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        return buffer.getShort(2) == CLASSIC;
    }

    @Override
    public int count() {
        return offsets.length;
    }

    @Override
    public int[] wanted() {
        return wanted.clone();
    }

    @Override
    public void skip(int pages) {
        next += pages;
    }

    @Override
    public boolean hasNext() {
        return next < wanted.length;
    }

    @Override
    public DocumentPage next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all pages were read");
        }
        int number = wanted[next++];
        try {
            return page(number);
        } catch (OutOfMemoryError e) {
            return DocumentPage.failed(number, name, DocumentPage.NO_MEMORY);
        }
    }

    private DocumentPage page(int number) {
        byte[] page = file.clone();
        ByteBuffer buffer = ByteBuffer.wrap(page);
        isTiff(buffer);
        int offset = offsets[number - 1];
        buffer.putInt(FIRST_OFFSET, offset);
        // It is the last one of its file.
        buffer.putInt(offset + 2 + ENTRY * Short.toUnsignedInt(buffer.getShort(offset)), 0);
        return new DocumentPage(number, new EncodedImage(DocumentPage.name(number, name), page), null);
    }

    @Override
    public void rest() {
        // It is in memory anyway.
    }

    @Override
    public void close() {
        // It is in memory anyway.
    }
}
