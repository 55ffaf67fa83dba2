package io.github.camelvlm.media;

import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A file in memory as decoders read it, which fails when the picture's time is over. Every decoder reads as it goes, in
 * pieces of some hundred bytes, so none needs a second thread that watches it.
 */
final class TimedInput extends ImageInputStreamImpl {
    private static final int READS_PER_LOOK = 64;

    private final PictureBytes file;
    private int reads;

    TimedInput(PictureBytes file) {
        this.file = file;
    }

    private void look() {
        if (++reads % READS_PER_LOOK == 0) {
            file.requireTime();
        }
    }

    @Override
    public int read() throws IOException {
        look();
        bitOffset = 0;
        return streamPos < file.length() ? file.bytes()[(int) streamPos++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        look();
        bitOffset = 0;
        int count = (int) Math.min(length, file.length() - streamPos);
        if (count <= 0) {
            return length == 0 ? 0 : -1;
        }
        System.arraycopy(file.bytes(), (int) streamPos, target, offset, count);
        streamPos += count;
        return count;
    }

    @Override
    public long length() {
        return file.length();
    }
}
