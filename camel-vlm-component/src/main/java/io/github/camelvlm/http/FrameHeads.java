package io.github.camelvlm.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Finds the frames of HTTP/2 in the bytes of a connection, in whatever pieces they come. */
final class FrameHeads {
    /** Told of a frame as soon as its head is whole. */
    interface Reader {
        void begin(int type, int stream, int length);
    }

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LENGTH = 9;

    private final byte[] head = new byte[LENGTH];
    private int preface;
    private int headed;
    private int payload;
    private boolean http2 = true;

    /** Whether all bytes so far can be the beginning of HTTP/2. */
    boolean areHttp2() {
        return http2;
    }

    /** Looks at the next bytes of the connection, and leaves them unread. */
    void read(ByteBuf bytes, Reader reader) {
        int index = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (http2 && index < end) {
            if (preface < PREFACE.length) {
                http2 = bytes.getByte(index++) == PREFACE[preface++];
            } else if (payload > 0) {
                int part = Math.min(payload, end - index);
                index += part;
                payload -= part;
            } else {
                head[headed++] = bytes.getByte(index++);
                if (headed == LENGTH) {
                    headed = 0;
                    payload = number(0) >>> 8;
                    reader.begin(head[3] & 0xff, number(5) & Integer.MAX_VALUE, payload);
                }
            }
        }
    }

    private int number(int offset) {
        return (head[offset] & 0xff) << 24
                | (head[offset + 1] & 0xff) << 16
                | (head[offset + 2] & 0xff) << 8
                | head[offset + 3] & 0xff;
    }
}
