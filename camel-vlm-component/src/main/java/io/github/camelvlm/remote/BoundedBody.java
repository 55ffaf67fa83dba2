package io.github.camelvlm.remote;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What a server sends: no more than a limit, and with the time at which something last came. */
final class BoundedBody extends FilterInputStream {
    /** More came than an answer can have. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLongException(long maxBytes) {
            super("sends more than " + maxBytes + " bytes");
        }
    }

    private final long maxBytes;
    private final Runnable closing;
    private long bytes;
    private volatile long heardAt = System.nanoTime();

    /**
     * @param maxBytes the most that is read
     * @param closing closes the connection
     */
    BoundedBody(InputStream body, long maxBytes, Runnable closing) {
        super(body);
        this.maxBytes = maxBytes;
        this.closing = closing;
    }

    /** When the last byte came, by {@link System#nanoTime}. */
    long heardAt() {
        return heardAt;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        heardAt = System.nanoTime();
        if (count > 0) {
            bytes += count;
            if (bytes > maxBytes) {
                throw new TooLongException(maxBytes);
            }
        }
        return count;
    }

    /** The stream's own closing would first read it to its end, which may never come. */
    @Override
    public void close() {
        closing.run();
    }

    @Override
    public long skip(long count) throws IOException {
        return in.readNBytes((int) Math.min(count, 1 << 16)).length;
    }
}
