package io.github.camelvlm.routes;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.camel.ProducerTemplate;

/** Measures what HTTP adds to a request: the median of 200 over a kept connection, and of 200 without HTTP, by turns. */
public final class HttpOverhead {
    private static final int ROUNDS = 200;

    private HttpOverhead() {}

    public static void main(String[] arguments) throws Exception {
        try (RunningService service = new RunningService(Map.of());
                Connection connection = new Connection(service.port())) {
            String request = Conversations.describe("one-shape.png", "Describe this image.")
                    .toString();
            ProducerTemplate template = service.context().createProducerTemplate();
            Callable<?> direct = () -> template.requestBody("vlm:chat", request, String.class);
            Callable<?> http = () -> connection.post(request);
            Callable<?> firstEvent = () -> {
                try (EventStream stream =
                        new EventStream(service.port(), request.replaceFirst("\\{", "{\"stream\":true,"))) {
                    return stream.line();
                }
            };
            List<Callable<?>> calls = List.of(direct, http, firstEvent);
            medians(calls);
            List<Double> medians = medians(calls);
            System.out.println(
                    "FIGURE shapes-vl: what HTTP adds to a request|" + (medians.get(1) - medians.get(0)) + "|ms|<= 3");
            System.out.println("FIGURE shapes-vl: first event of a stream after|" + medians.get(2) + "|ms|");
        }
    }

    private static List<Double> medians(List<Callable<?>> calls) throws Exception {
        List<List<Double>> millis =
                calls.stream().<List<Double>>map(call -> new ArrayList<>()).toList();
        for (int i = 0; i < ROUNDS; i++) {
            for (int j = 0; j < calls.size(); j++) {
                long start = System.nanoTime();
                calls.get(j).call();
                millis.get(j).add((System.nanoTime() - start) / 1e6);
            }
        }
        millis.forEach(Collections::sort);
        return millis.stream().map(sorted -> sorted.get(ROUNDS / 2)).toList();
    }

    /** A client that costs next to nothing itself. */
    private static final class Connection implements AutoCloseable {
        private static final String LENGTH = "content-length: ";

        private final Socket socket;

        Connection(int port) throws IOException {
            socket = new Socket("localhost", port);
            socket.setTcpNoDelay(true);
        }

        byte[] post(String body) throws IOException {
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(
                    ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + LENGTH + content.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            request.writeBytes(content);
            socket.getOutputStream().write(request.toByteArray());
            InputStream in = socket.getInputStream();
            StringBuilder header = new StringBuilder();
            while (header.indexOf("\r\n\r\n") < 0) {
                header.append((char) in.read());
            }
            int at = header.toString().toLowerCase(Locale.ROOT).indexOf(LENGTH) + LENGTH.length();
            return in.readNBytes(Integer.parseInt(header.substring(at, header.indexOf("\r", at))));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
