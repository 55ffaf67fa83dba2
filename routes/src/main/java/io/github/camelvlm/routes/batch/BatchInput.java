package io.github.camelvlm.routes.batch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Reads the lines of a batch one after the other; of a line that is too long nothing is kept. */
final class BatchInput {
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final int ID_BYTES = 12;

    private final InputStream in;
    private final long longest;
    private final byte[] buffer = new byte[64 * 1024];
    private int position;
    private int limit;
    private long number;

    /**
     * @param in UTF-8, with or without a byte order mark
     * @param longest the most bytes of a line
     */
    BatchInput(InputStream in, long longest) {
        this.in = in;
        this.longest = longest;
    }

    /** The next line that is not blank; null at the end. */
    BatchLine next() throws IOException {
        BatchLine line = read();
        while (line != null && line.bytes() != null && isBlank(line.bytes())) {
            line = read();
        }
        return line;
    }

    private BatchLine read() throws IOException {
        if (!fill()) {
            return null;
        }
        number++;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        MessageDigest digest = sha256();
        digest.update((number + ":").getBytes(StandardCharsets.US_ASCII));
        long length = 0;
        boolean isOver = false;
        while (!isOver && fill()) {
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            isOver = end < limit;
            int count = end - position;
            length += count;
            digest.update(buffer, position, count);
            if (length > longest) {
                // What was kept so far is given up at once.
                line = new ByteArrayOutputStream();
            } else {
                line.write(buffer, position, count);
            }
            position = isOver ? end + 1 : end;
        }
        String id = "batch_req_" + HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES);
        return new BatchLine(length > longest ? null : withoutMark(line.toByteArray()), length, id);
    }

    /** Whether there is more to read. */
    private boolean fill() throws IOException {
        if (position < limit) {
            return true;
        }
        position = 0;
        limit = Math.max(0, in.read(buffer, 0, buffer.length));
        return limit > 0;
    }

    private byte[] withoutMark(byte[] line) {
        boolean isMarked = number == 1
                && line.length >= MARK.length
                && line[0] == MARK[0]
                && line[1] == MARK[1]
                && line[2] == MARK[2];
        return isMarked ? Arrays.copyOfRange(line, MARK.length, line.length) : line;
    }

    private static boolean isBlank(byte[] line) {
        for (byte one : line) {
            if (one != ' ' && one != '\t' && one != '\r') {
                return false;
            }
        }
        return true;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
