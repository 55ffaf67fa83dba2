package io.github.camelvlm.media;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * The content of a picture file, read at any place in either byte order. Reading past the end means that the file is cut
 * off.
 *
 * @param name what errors call the picture
 * @param bytes the content; shared, not copied
 * @param time how long the picture may take
 * @param frames decodes what is coded as the frames of a film are
 */
record PictureBytes(String name, byte[] bytes, DecodingTime time, Frames frames) {

    /** Decodes frames for this picture, as {@link FrameDecoder} does. */
    @FunctionalInterface
    interface Frames {
        void decode(CodedFrames coded, FrameDecoder.Frames to);
    }

    /** A file whose time begins now. */
    PictureBytes(String name, byte[] bytes, Frames frames) {
        this(name, bytes, DecodingTime.start(), frames);
    }

    /** A file of which no frames are decoded. */
    PictureBytes(String name, byte[] bytes, DecodingTime time) {
        this(name, bytes, time, (coded, to) -> FrameDecoder.NONE.decode(name, coded, to, new CompletableFuture<>()));
    }

    /** A file whose time begins now, and of which no frames are decoded. */
    PictureBytes(String name, byte[] bytes) {
        this(name, bytes, DecodingTime.start());
    }

    /** Other bytes of the same picture, which share its time. */
    PictureBytes with(byte[] other) {
        return new PictureBytes(name, other, time, frames);
    }

    /** @throws ImageException if the picture's time is over */
    void requireTime() {
        time.requireLeft(name);
    }

    int length() {
        return bytes.length;
    }

    /** @throws ImageException "cut off", unless {@code count} bytes can be read from {@code at} */
    void require(long at, long count) {
        if (at < 0 || count < 0 || count > bytes.length || at > bytes.length - count) {
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

    long u64(int at, boolean littleEndian) {
        long first = u32(at, littleEndian);
        long second = u32(at + 4, littleEndian);
        return littleEndian ? second << 32 | first : first << 32 | second;
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
        return ImageException.cutOff(name, bytes.length, null);
    }

    ImageException damaged(String what) {
        return ImageException.damaged(name, what, null);
    }

    ImageException unsupported(String what) {
        return ImageException.unsupported(name, what);
    }
}
