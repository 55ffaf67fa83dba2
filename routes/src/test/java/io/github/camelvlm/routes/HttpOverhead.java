package io.github.camelvlm.routes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.camel.ProducerTemplate;

/** Measures what HTTP adds to a request: the median of 200 through the service, and of 200 without it. */
final class HttpOverhead {
    private static final int ROUNDS = 200;

    private HttpOverhead() {}

    public static void main(String[] arguments) throws Exception {
        try (RunningService service = new RunningService(Map.of())) {
            String request = Conversations.describe("one-shape.png", "Describe this image.")
                    .toString();
            ProducerTemplate template = service.context().createProducerTemplate();
            Callable<?> direct = () -> template.requestBody("vlm:chat", request, String.class);
            Callable<?> http = () -> service.chat(request).text();
            Callable<?> firstByte = () -> {
                try (EventStream stream =
                        new EventStream(service.port(), request.replaceFirst("\\{", "{\"stream\":true,"))) {
                    return stream.line();
                }
            };
            for (Callable<?> call : List.of(direct, http, firstByte)) {
                median(call);
            }
            System.out.printf("vlm:chat %.2f ms, over HTTP %.2f ms%n", median(direct), median(http));
            System.out.printf("first event of a stream after %.2f ms%n", median(firstByte));
        }
    }

    private static double median(Callable<?> call) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            call.call();
            millis.add((System.nanoTime() - start) / 1e6);
        }
        Collections.sort(millis);
        return millis.get(ROUNDS / 2);
    }
}
