package io.github.camelvlm.routes;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A connection of HTTP/2 that sends frames which no client library would, and takes all that comes. */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int ENHANCE_YOUR_CALM = 11;

    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    /** Far more frames than a connection may send. */
    private static final int FLOOD = 10_000_000;

    private static final int BATCH = 50_000;

    /** What was read when no GOAWAY came. */
    private static final int NONE = -1;

    private final Socket socket;
    private final OutputStream out;
    private final AtomicInteger answers = new AtomicInteger();
    private final CompletableFuture<Integer> end;

    private RawHttp2(Socket socket) throws IOException {
        this.socket = socket;
        out = socket.getOutputStream();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        end = CompletableFuture.supplyAsync(() -> readAll(in));
    }

    /** Begins with frames of HTTP/2, in the clear. */
    static RawHttp2 open(int port) throws IOException {
        return open(new Socket("localhost", port));
    }

    /** Agrees on HTTP/2 by TLS. */
    static RawHttp2 open(SocketFactory tls, int port) throws IOException {
        SSLSocket socket = (SSLSocket) tls.createSocket("localhost", port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return open(socket);
    }

    /** Goes over from HTTP/1.1, with a request for {@code /health}. */
    static RawHttp2 upgrade(int port) throws IOException {
        Socket socket = new Socket("localhost", port);
        socket.getOutputStream()
                .write(("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                                + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        int newLines = 0;
        while (newLines < 2) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new EOFException("The server does not go over to HTTP/2");
            }
            newLines = next == '\n' ? newLines + 1 : next == '\r' ? newLines : 0;
        }
        return open(socket);
    }

    private static RawHttp2 open(Socket socket) throws IOException {
        RawHttp2 connection = new RawHttp2(socket);
        connection.out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        connection.send(frame(SETTINGS, 0, 0));
        return connection;
    }

    /** A frame whose payload is of zeros but for what is given. */
    static byte[] frame(int type, int flags, int stream, int... payload) {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream);
        for (int octet : payload) {
            frame.put((byte) octet);
        }
        return frame.array();
    }

    /** The beginning of a request, whose body follows if it is not its end. */
    static byte[] request(String method, String path, int stream, int flags) {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        headers.write(0x86);
        literal(2, method, headers);
        literal(4, path, headers);
        literal(1, "localhost", headers);
        // The name of content-type: 15 and 16.
        headers.write(15);
        literal(16, "application/json", headers);
        return frame(HEADERS, flags | END_HEADERS, stream, octets(headers.toByteArray()));
    }

    private static void literal(int name, String value, ByteArrayOutputStream headers) {
        headers.write(name);
        headers.write(value.length());
        headers.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static int[] octets(byte[] bytes) {
        int[] octets = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            octets[i] = bytes[i];
        }
        return octets;
    }

    void send(byte[] frames) throws IOException {
        out.write(frames);
    }

    /** Sends frames again and again, {@value #FLOOD} bytes of them or fewer if the server closes the connection. */
    void flood(byte[] frames) {
        byte[] many = repeat(frames, Math.max(1, BATCH / frames.length));
        try {
            for (int sent = 0; sent < FLOOD && !end.isDone(); sent += many.length) {
                send(many);
            }
        } catch (IOException e) {
            // It has closed the connection.
        }
    }

    /** Frames one after the other, again and again. */
    static byte[] repeat(byte[] frames, int times) {
        byte[] many = new byte[frames.length * times];
        for (int end = 0; end < many.length; end += frames.length) {
            System.arraycopy(frames, 0, many, end, frames.length);
        }
        return many;
    }

    /** The answers that are whole. */
    int answers() {
        return answers.get();
    }

    /** The code of the server's GOAWAY once it has closed the connection, or -1 if it gave none. */
    int end() throws InterruptedException, ExecutionException, TimeoutException {
        return end.get(30, TimeUnit.SECONDS);
    }

    private int readAll(DataInputStream in) {
        int code = NONE;
        try {
            while (true) {
                int lengthAndType = in.readInt();
                int flags = in.readUnsignedByte();
                in.readInt();
                byte[] payload = new byte[lengthAndType >>> 8];
                in.readFully(payload);
                int type = lengthAndType & 0xff;
                if (type == GOAWAY) {
                    code = ByteBuffer.wrap(payload).getInt(4);
                }
                if ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
                    answers.incrementAndGet();
                }
            }
        } catch (IOException e) {
            return code;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
