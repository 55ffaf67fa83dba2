package io.github.camelvlm.routes.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.openai.ChatCompletionChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;

/** Asks {@code vlm:chat} and notes when tokens come. */
final class Answering {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String ROUTE = "direct:chat";
    private static final String ON_FIRST_TOKEN = "onFirstToken";

    private final ProducerTemplate template;
    private final String uri;
    private final String saidToken;

    private Answering(ProducerTemplate template, String uri, String saidToken) {
        this.template = template;
        this.uri = uri;
        this.saidToken = saidToken;
    }

    /**
     * Adds a route to a context that has started.
     *
     * @param uri what follows {@code vlm:chat?}; the model has the tokenizer of shapes-vl
     */
    static Answering in(CamelContext context, String uri) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(ROUTE).to("vlm:chat?" + uri).process(Answering::read);
            }
        });
        ProducerTemplate template = context.createProducerTemplate();
        String tokens = template.requestBody(
                "vlm:tokenize?" + uri, "{\"prompt\":\"a\",\"add_special_tokens\":false}", String.class);
        // Every answer is made of one token of one character, so that each step says something.
        return new Answering(
                template, uri, JSON.readTree(tokens).get("tokens").get(0).asText());
    }

    /**
     * When an answer's tokens came.
     *
     * @param asked by {@link System#nanoTime}
     * @param tokens likewise
     */
    record Times(long asked, List<Long> tokens) {
        double secondsToFirst() {
            return (tokens.get(0) - asked) / 1e9;
        }

        double tokensPerSecond() {
            return (tokens.size() - 1) * 1e9 / (tokens.get(tokens.size() - 1) - tokens.get(0));
        }

        /** The longest time between two tokens, of those of which the second came after a moment and the first before another. */
        double longestGap(long from, long to) {
            long longest = 0;
            for (int i = 1; i < tokens.size(); i++) {
                if (tokens.get(i) > from && tokens.get(i - 1) < to) {
                    longest = Math.max(longest, tokens.get(i) - tokens.get(i - 1));
                }
            }
            return longest / 1e9;
        }
    }

    /** A request of one user turn. */
    static ObjectNode request(String text, int maxTokens) {
        ObjectNode request = JSON.createObjectNode();
        request.put("max_tokens", maxTokens)
                .put("temperature", 0)
                .put("ignore_eos", true)
                .put("stream", true);
        addTurn(request, "user").addObject().put("type", "text").put("text", text);
        return request;
    }

    /** A request of a picture and a question. */
    static ObjectNode request(String pictureUrl, String question, int maxTokens) {
        ObjectNode request = request(question, maxTokens);
        ((ArrayNode) request.get("messages").get(0).get("content"))
                .insertObject(0)
                .put("type", "image_url")
                .putObject("image_url")
                .put("url", pictureUrl);
        return request;
    }

    /** Adds a turn, whose parts the caller adds. */
    static ArrayNode addTurn(ObjectNode request, String role) {
        return request.withArray("messages").addObject().put("role", role).putArray("content");
    }

    /** How many tokens a request has, of which nothing is computed. */
    int promptTokens(ObjectNode request) throws IOException {
        return JSON.readTree(template.requestBody("vlm:tokenize?" + uri, request.toString(), String.class))
                .get("count")
                .asInt();
    }

    /** Asks and waits for the last token. */
    Times ask(ObjectNode request) {
        return ask(request, () -> {});
    }

    private Times ask(ObjectNode request, Runnable onFirstToken) {
        request.putObject("logit_bias").put(saidToken, 100);
        long asked = System.nanoTime();
        List<?> tokens =
                template.requestBodyAndHeader(ROUTE, request.toString(), ON_FIRST_TOKEN, onFirstToken, List.class);
        return new Times(asked, tokens.stream().map(Long.class::cast).toList());
    }

    /** Makes of the body's chunks the moments at which their tokens came. Only within a route does a stream last. */
    private static void read(Exchange exchange) {
        Runnable onFirstToken = exchange.getMessage().getHeader(ON_FIRST_TOKEN, Runnable.class);
        Iterator<?> chunks = exchange.getMessage().getBody(Iterator.class);
        List<Long> tokens = new ArrayList<>();
        while (chunks.hasNext()) {
            // A reader that is late gets several tokens at once.
            int said = characters((ChatCompletionChunk) chunks.next());
            if (tokens.isEmpty() && said > 0) {
                onFirstToken.run();
            }
            tokens.addAll(Collections.nCopies(said, System.nanoTime()));
        }
        exchange.getMessage().setBody(tokens);
    }

    private static int characters(ChatCompletionChunk chunk) {
        return chunk.choices().stream()
                .map(choice -> choice.delta().content())
                .mapToInt(content -> content == null ? 0 : content.length())
                .sum();
    }

    /** Asks all at once. The tokens a second of all together, from when each has begun until the first one ends. */
    double tokensPerSecondTogether(List<ObjectNode> requests) throws Exception {
        List<Times> all = together(requests);
        long from = all.stream().mapToLong(times -> times.tokens().get(0)).max().orElseThrow();
        long to = all.stream()
                .mapToLong(times -> times.tokens().get(times.tokens().size() - 1))
                .min()
                .orElseThrow();
        long tokens = all.stream()
                .flatMap(times -> times.tokens().stream())
                .filter(at -> at > from && at <= to)
                .count();
        return tokens * 1e9 / (to - from);
    }

    /** Asks the second when the first one's answer has begun; gives the longest gap of the first until the second's answer. */
    double longestGap(ObjectNode running, ObjectNode newcomer) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            CountDownLatch begun = new CountDownLatch(1);
            Future<Times> first = threads.submit(() -> ask(running, begun::countDown));
            Future<Times> second = threads.submit(() -> {
                begun.await();
                return ask(newcomer);
            });
            long answered = second.get().tokens().get(0);
            return first.get().longestGap(second.get().asked(), answered);
        } finally {
            threads.shutdown();
        }
    }

    private List<Times> together(List<ObjectNode> requests) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(requests.size());
        try {
            List<Future<Times>> futures = new ArrayList<>();
            for (ObjectNode request : requests) {
                futures.add(threads.submit(() -> ask(request)));
            }
            List<Times> all = new ArrayList<>();
            for (Future<Times> future : futures) {
                all.add(future.get());
            }
            return all;
        } finally {
            threads.shutdown();
        }
    }
}
