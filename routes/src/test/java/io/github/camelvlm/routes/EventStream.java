package io.github.camelvlm.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client of the lowest level, which reads as slowly as it likes and leaves when it likes. */
final class EventStream implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Socket socket;
    private final BufferedReader reader;

    /** Asks for an answer, and does not read yet. */
    EventStream(int port, String json) throws IOException {
        this(port, "/v1/chat/completions", json);
    }

    /** Asks, and does not read yet. */
    EventStream(int port, String path, String json) throws IOException {
        socket = new Socket();
        // A slow reader must not be helped by a large buffer.
        socket.setReceiveBufferSize(4096);
        socket.connect(new java.net.InetSocketAddress("localhost", port));
        socket.setSoTimeout(30_000);
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
        reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The next line that is part of an event, without the chunk sizes between them; null at the end. */
    String line() throws IOException {
        String line = reader.readLine();
        while (line != null && !line.startsWith("data:") && !line.startsWith(":") && !line.startsWith("event:")) {
            line = reader.readLine();
        }
        return line;
    }

    /** The lines to the end. */
    List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(); line != null; line = line()) {
            lines.add(line);
        }
        return lines;
    }

    static List<JsonNode> chunks(List<String> lines) throws IOException {
        List<JsonNode> chunks = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("data: {")) {
                chunks.add(JSON.readTree(line.substring("data: ".length())));
            }
        }
        return chunks;
    }

    /** Leaves. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
