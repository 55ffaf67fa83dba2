package io.github.camelvlm.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server on 127.0.0.1 that reads a request and then answers whatever bytes it likes. */
final class RawServer implements AutoCloseable {

    /** Writes an answer. */
    interface Answer {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    private static final char TLS_HANDSHAKE = 22;

    private final ServerSocket listener;
    private final Answer answer;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch clientLeft = new CountDownLatch(1);
    private final CountDownLatch awaited;

    RawServer(Answer answer) throws IOException {
        this(answer, 1);
    }

    /** @param requests for how many {@link #awaitRequests} waits */
    RawServer(Answer answer, int requests) throws IOException {
        this.answer = answer;
        awaited = new CountDownLatch(requests);
        listener = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        start(this::accept);
    }

    /** A server that says this and closes the connection. */
    static RawServer saying(String text) throws IOException {
        return new RawServer(out -> out.write(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** A server that says this, and then drips: a byte, a moment, another byte. */
    static RawServer dripping(String text) throws IOException {
        return dripping(text, 1);
    }

    static RawServer dripping(String text, int requests) throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        return new RawServer(
                out -> {
                    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
                    do {
                        out.write('x');
                    } while (!never.await(10, TimeUnit.MILLISECONDS));
                },
                requests);
    }

    int port() {
        return listener.getLocalPort();
    }

    String url(String host) {
        return "http://" + host + ":" + port() + "/cat.png";
    }

    List<String> requests() {
        return requests;
    }

    boolean awaitRequests() throws InterruptedException {
        return awaited.await(5, TimeUnit.SECONDS);
    }

    /** Waits until a client has left while it was being written to. */
    boolean awaitClientLeft() throws InterruptedException {
        return clientLeft.await(5, TimeUnit.SECONDS);
    }

    private void accept() {
        while (closed.getCount() > 0) {
            try {
                Socket connection = listener.accept();
                connections.add(connection);
                start(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            requests.add(request(connection.getInputStream()));
            awaited.countDown();
            answer.write(connection.getOutputStream());
            connection.shutdownOutput();
            connection.getInputStream().readAllBytes();
        } catch (IOException e) {
            clientLeft.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String request(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        int c;
        while (head.indexOf("\r\n\r\n") < 0 && (c = in.read()) >= 0) {
            head.append((char) c);
            if (head.charAt(0) == TLS_HANDSHAKE) {
                return "TLS";
            }
        }
        return head.toString();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
