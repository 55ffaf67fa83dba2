package io.github.camelvlm.http;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** The codings in which a body may come, as its header {@code Content-Encoding} names them. */
enum ContentCoding {
    IDENTITY,
    GZIP,
    DEFLATE;

    private static final int PIECE = 64 * 1024;
    private static final int ZLIB_METHOD = 8;
    private static final int ZLIB_CHECK = 31;

    /**
     * The coding that a header names.
     *
     * @param header null if there is none
     * @return null if it is none of these, or several one upon the other
     */
    static ContentCoding of(String header) {
        return switch (header == null ? "" : header.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> IDENTITY;
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            default -> null;
        };
    }

    /**
     * Undoes the coding.
     *
     * @param body as it came
     * @param room asked for the bytes of each piece before it is kept
     * @return null if there was no room for a piece
     * @throws IOException if the body is not in this coding
     */
    Buffer decode(Buffer body, IntPredicate room) throws IOException {
        Buffer decoded = Buffer.buffer();
        byte[] piece = new byte[PIECE];
        try (InputStream in = open(body.getBytes())) {
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                if (!room.test(n)) {
                    return null;
                }
                decoded.appendBytes(piece, 0, n);
            }
        }
        return decoded;
    }

    private InputStream open(byte[] body) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(body);
        return switch (this) {
            case IDENTITY -> in;
            // That of the JDK calls itself for each of its members, of which a body may have a million.
            case GZIP -> new GzipCompressorInputStream(in, true);
            // The standard means zlib's form; some clients leave its two bytes out.
            case DEFLATE -> inflate(in, new Inflater(!isZlib(body)));
        };
    }

    private static InputStream inflate(InputStream in, Inflater inflater) {
        return new InflaterInputStream(in, inflater, PIECE) {
            @Override
            public int read(byte[] piece, int offset, int length) throws IOException {
                int n = super.read(piece, offset, length);
                if (n < 0 && !inf.finished()) {
                    throw new IOException("a dictionary is asked for");
                }
                return n;
            }

            @Override
            public void close() throws IOException {
                super.close();
                // It ends only one that it has made itself.
                inflater.end();
            }
        };
    }

    private static boolean isZlib(byte[] body) {
        return body.length >= 2
                && (body[0] & 0x0f) == ZLIB_METHOD
                && ((body[0] & 0xff) << 8 | body[1] & 0xff) % ZLIB_CHECK == 0;
    }
}
