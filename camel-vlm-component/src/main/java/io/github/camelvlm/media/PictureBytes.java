package io.github.camelvlm.media;

import java.nio.charset.StandardCharsets;

/**
 * The content of a picture file, read at any place in either byte order. Reading past the end means that the file is cut
 * off.
 */
record PictureBytes(String name, byte[] bytes) {

    int length() {
        return bytes.length;
    }

    /** @throws ImageException "cut off", unless {@code count} bytes can be read from {@code at} */
    void require(long at, long count) {
        if (at < 0 || count < 0 || at + count > bytes.length) {
            throw cutOff();
        }
    }

    int u8(int at) {
        require(at, 1);
        return bytes[at] & 0xff;
    }

    int u16(int at, boolean littleEndian) {
        require(at, 2);
        int first = bytes[at] & 0xff;
        int second = bytes[at + 1] & 0xff;
        return littleEndian ? second << 8 | first : first << 8 | second;
    }

    long u32(int at, boolean littleEndian) {
        require(at, 4);
        long first = u16(at, littleEndian);
        long second = u16(at + 2, littleEndian);
        return littleEndian ? second << 16 | first : first << 16 | second;
    }

    /** Whether {@code ascii} stands at {@code at}; false also where the file ends before. */
    boolean has(int at, String ascii) {
        byte[] wanted = ascii.getBytes(StandardCharsets.ISO_8859_1);
        if (at < 0 || at + (long) wanted.length > bytes.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    ImageException cutOff() {
        return ImageException.cutOff(name, bytes.length);
    }

    ImageException damaged(String what) {
        return ImageException.damaged(name, what, null);
    }

    ImageException unsupported(String what) {
        return ImageException.unsupported(name, what);
    }
}
