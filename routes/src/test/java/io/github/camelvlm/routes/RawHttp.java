package io.github.camelvlm.routes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.SocketFactory;

/** Sends what no client library would. */
final class RawHttp {
    private RawHttp() {}

    /** Sends text as it is, and gives back all that comes until the server closes the connection. */
    static String send(int port, String text) throws IOException {
        return send(SocketFactory.getDefault(), port, text);
    }

    /** The same over the connections of a factory, such as those with TLS. */
    static String send(SocketFactory connections, int port, String text) throws IOException {
        try (Socket socket = connections.createSocket("localhost", port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Sends text as it is, and gives back the first line that comes. */
    static String firstLine(int port, String text) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        }
    }
}
