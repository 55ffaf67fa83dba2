package io.github.camelvlm.routes.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.BatchFile;
import io.github.camelvlm.routes.RunningRoutes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class BatchesTest {
    private static final int LONGEST = 200_000;
    private static final String NO_MEMORY = "run out of memory";
    private static final String NO_WORDS = "run out of memory for words";
    private static final String WAITING = "wait until the end";
    private static final String HELD = "wait until it is let go";
    private static final String MEETING = "wait for another";

    private static final CountDownLatch asked = new CountDownLatch(1);
    private static final CountDownLatch held = new CountDownLatch(1);
    private static final CountDownLatch meeting = new CountDownLatch(2);

    @TempDir
    private static Path folder;

    private static RunningRoutes routes;
    private static Batches batches;

    @TempDir
    private Path root;

    @BeforeAll
    static void start() throws Exception {
        routes = new RunningRoutes(folder, Map.of("vlm.folder", "false"));
        // That of the HTTP service.
        routes.context().removeEndpoints("vlm:chat*");
        routes.context()
                .getCamelContextExtension()
                .registerEndpointCallback(
                        (uri, endpoint) -> uri.startsWith("vlm://chat") ? new Failing(endpoint) : endpoint);
        batches = new Batches();
        batches.setCamelContext(routes.context());
        batches.setAtOnce(4);
        batches.setMaxBody(LONGEST);
    }

    /** What stands between batches and the model, and fails as the text of a request says. */
    private static final class Failing extends DefaultEndpoint {
        private final Endpoint model;

        Failing(Endpoint model) {
            this.model = model;
            setCamelContext(model.getCamelContext());
        }

        @Override
        protected String createEndpointUri() {
            return model.getEndpointUri();
        }

        @Override
        public Producer createProducer() throws Exception {
            Producer producer = model.createProducer();
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) throws Exception {
                    String request = exchange.getMessage().getBody(String.class);
                    if (request.contains(NO_WORDS)) {
                        throw new WordlessError();
                    }
                    if (request.contains(NO_MEMORY)) {
                        throw new OutOfMemoryError("Java heap space");
                    }
                    if (request.contains(WAITING)) {
                        asked.countDown();
                        new CountDownLatch(1).await();
                    }
                    if (request.contains(HELD)) {
                        held.await();
                    }
                    if (request.contains(MEETING)) {
                        meeting.countDown();
                        assertThat(meeting.await(60, TimeUnit.SECONDS)).isTrue();
                    }
                    producer.process(exchange);
                }

                @Override
                protected void doStart() throws Exception {
                    super.doStart();
                    producer.start();
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException("Batches only ask");
        }
    }

    /** One of which even the telling has no memory. */
    private static final class WordlessError extends OutOfMemoryError {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new OutOfMemoryError("while it is told");
        }
    }

    private static String asking(String id, String what) {
        return "{\"custom_id\":\"" + id + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\","
                + "\"body\":{\"messages\":[{\"role\":\"user\",\"content\":\"" + what + "\"}]}}\n";
    }

    @Test
    void answersALineThatEndsInAnErrorByItAndTheOthersAsEver() throws Exception {
        String lines = BatchFile.request("first", BatchFile.picture(0)) + "\n"
                + asking("memory", NO_MEMORY)
                + asking("words", NO_WORDS)
                + BatchFile.request("last", BatchFile.picture(1)) + "\n";

        List<JsonNode> answers = BatchFile.lines(batches.answer(lines.getBytes(StandardCharsets.UTF_8), "errors"));

        assertThat(answers)
                .extracting(answer -> answer.get("custom_id").asText() + " "
                        + answer.at("/response/status_code").asInt())
                .containsExactly("first 200", "memory 500", "words 500", "last 200");
    }

    @Test
    void leavesNoBatchWaitingWhenItCloses() throws Exception {
        Batches closing = new Batches();
        closing.setCamelContext(routes.context());
        closing.setAtOnce(1);
        FutureTask<String> underWay =
                new FutureTask<>(() -> closing.answer(asking("one", WAITING).getBytes(), "one"));
        FutureTask<String> behind =
                new FutureTask<>(() -> closing.answer(asking("two", "Hi").getBytes(), "two"));
        new Thread(underWay, "under way").start();
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        Thread thread = new Thread(behind, "behind");
        thread.start();
        Await.until("it waits for its turn", () -> thread.getState() == Thread.State.TIMED_WAITING);

        closing.close();

        for (FutureTask<String> batch : List.of(underWay, behind)) {
            assertThatThrownBy(() -> batch.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
        }
    }

    /** A request in a line of so many bytes. */
    private static String padded(String id, String what, int bytes) {
        String line = asking(id, what);
        return line.replace(
                "{\"custom_id\"", "{\"padding\":\"" + "x".repeat(bytes - line.length() - 13) + "\",\"custom_id\"");
    }

    @Test
    void hasNoMoreBytesInHandThanTheLongestLineMayHave() throws Exception {
        int bytes = LONGEST * 3 / 5;
        StringBuilder lines = new StringBuilder();
        for (int number = 0; number < 6; number++) {
            lines.append(padded("held-" + number, HELD, bytes));
        }
        long[] read = new long[1];
        InputStream input =
                new FilterInputStream(new ByteArrayInputStream(lines.toString().getBytes())) {
                    @Override
                    public int read(byte[] into, int from, int length) throws IOException {
                        int count = super.read(into, from, length);
                        read[0] += Math.max(0, count);
                        return count;
                    }
                };
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        FutureTask<BatchCount> batch = new FutureTask<>(() -> batches.answer(input, new PrintStream(output), "held"));
        Thread thread = new Thread(batch, "held");
        thread.start();
        try {
            Await.until("it waits for the first", () -> thread.getState() == Thread.State.TIMED_WAITING);
            // Of a second line it must be seen that it is too much.
            assertThat(read[0]).isLessThan(3 * bytes);
        } finally {
            held.countDown();
        }
        assertThat(batch.get(60, TimeUnit.SECONDS)).isEqualTo(new BatchCount(6, 0, 0));
    }

    @Test
    void hasLinesInHandTogetherAgainBehindLongOnes() throws Exception {
        String lines = padded("long-0", "Hi", LONGEST * 4 / 5)
                + padded("long-1", "Hi", LONGEST * 4 / 5)
                + asking("one", MEETING)
                + asking("other", MEETING);

        List<JsonNode> answers = BatchFile.lines(batches.answer(lines.getBytes(), "together"));

        assertThat(answers)
                .extracting(answer -> answer.at("/response/status_code").asInt())
                .containsExactly(200, 200, 200, 200);
    }

    @AfterAll
    static void stop() {
        batches.close();
        routes.close();
    }

    @Test
    void answersEachLineInOrder() throws Exception {
        Path input = Files.writeString(root.resolve("in.jsonl"), "\uFEFF" + BatchFile.requests(12));

        BatchCount count = batches.answer(input, root.resolve("out.jsonl"), "in");

        assertThat(count).isEqualTo(new BatchCount(12, 0, 0));
        BatchFile.assertAnswers(Files.readString(root.resolve("out.jsonl")), 12);
        JsonNode first =
                BatchFile.lines(Files.readString(root.resolve("out.jsonl"))).get(0);
        assertThat(first.at("/response/request_id")).isEqualTo(first.at("/response/body/id"));
        assertThat(root.resolve(".out.jsonl")).doesNotExist();
    }

    @Test
    void letsAHostileLineFailAlone() throws Exception {
        String good = BatchFile.request("good", BatchFile.picture(0));
        String body = "\"body\":{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        String rest = "\"method\":\"POST\",\"url\":\"/v1/chat/completions\",";
        List<String> lines = List.of(
                good,
                "{\"custom_id\": \"torn",
                "[1]",
                "{" + rest + body + "}",
                "{\"custom_id\":\"url\",\"method\":\"POST\",\"url\":\"/v1/embeddings\"," + body + "}",
                "{\"custom_id\":\"get\",\"method\":\"GET\",\"url\":\"/v1/chat/completions\"," + body + "}",
                "{\"custom_id\":\"stream\"," + rest + body.replace("{\"messages", "{\"stream\":true,\"messages") + "}",
                good,
                "{\"custom_id\":\"two\"," + rest + body + "}{}",
                "{\"custom_id\":\"list\"," + rest + "\"body\":[]}",
                "{\"custom_id\":\"long\",\"x\":\"" + "x".repeat(LONGEST) + "\"}",
                "{\"custom_id\":\"field\"," + rest + body.replace("\"x\"", "7") + "}",
                "{\"custom_id\":\"model\"," + rest + body.replace("{\"messages", "{\"model\":\"no\",\"messages") + "}",
                "{\"custom_id\":\"fetch\"," + rest
                        + body.replace(
                                "\"x\"",
                                "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"http://127.0.0.1:1/a.png\"}}]")
                        + "}",
                "{\"a\":" + "[".repeat(100_000),
                good.replace("\"good\"", "\"last\""));

        List<JsonNode> answers =
                BatchFile.lines(batches.answer(String.join("\r\n", lines).getBytes(StandardCharsets.UTF_8), "hostile"));

        assertThat(answers)
                .extracting(answer -> answer.get("custom_id").asText() + " "
                        + answer.at("/response/status_code").asInt())
                .containsExactly(
                        "good 200",
                        "null 400",
                        "null 400",
                        "null 400",
                        "url 400",
                        "get 400",
                        "stream 400",
                        "good 400",
                        "two 400",
                        "list 400",
                        "null 413",
                        "field 400",
                        "model 404",
                        "fetch 400",
                        "null 400",
                        "last 200");
        assertThat(answers.subList(1, 15))
                .extracting(answer -> answer.at("/response/body/error/message").asText())
                .satisfiesExactly(
                        reason -> assertThat(reason).contains("line is not valid JSON at column"),
                        reason -> assertThat(reason).contains("must be an object with custom_id"),
                        reason -> assertThat(reason).contains("custom_id is missing"),
                        reason -> assertThat(reason)
                                .contains("url is \"/v1/embeddings\"")
                                .contains("known are [/v1/chat/completions]"),
                        reason -> assertThat(reason).contains("only POST"),
                        reason -> assertThat(reason).contains("body.stream must be false in a batch"),
                        reason -> assertThat(reason).contains("custom_id is that of an earlier line"),
                        reason -> assertThat(reason).contains("more than one object"),
                        reason -> assertThat(reason).contains("body must be an object"),
                        reason -> assertThat(reason).contains("more than the 200,000 allowed"),
                        reason -> assertThat(reason).contains("messages[0].content"),
                        reason -> assertThat(reason).contains("no"),
                        reason -> assertThat(reason).contains("API_ALLOW_PRIVATE_ADDRESSES"),
                        reason -> assertThat(reason).contains("not valid JSON"));
    }

    @Test
    @EnabledIf("hasFullDisk")
    void tellsAFullDisk() throws Exception {
        try (PrintStream full = new PrintStream(new FileOutputStream("/dev/full"))) {
            byte[] requests = BatchFile.requests(3).getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> batches.answer(new ByteArrayInputStream(requests), full, "full"))
                    .isInstanceOf(IOException.class);
        }
    }

    static boolean hasFullDisk() {
        return Files.exists(Path.of("/dev/full"));
    }

    @Test
    void holdsLittleOfALongBatch() throws Exception {
        int count = 300_000;
        long before = used();
        long[] written = new long[1];
        BatchCount answered =
                batches.answer(new RepeatedLine("{\"custom_id\":\"%07d\"}\n", count), counting(written), "long");

        assertThat(answered).isEqualTo(new BatchCount(count, count, 0));
        assertThat(written[0]).isGreaterThan(count * 100L);
        assertThat(used() - before).isLessThan(50_000_000);
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static PrintStream counting(long[] written) {
        return new PrintStream(new OutputStream() {
            @Override
            public void write(int one) {
                written[0]++;
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                written[0] += length;
            }
        });
    }

    /** Lines that are made while they are read. */
    private static final class RepeatedLine extends InputStream {
        private final String form;
        private final int count;
        private int number;
        private byte[] line = {};
        private int position;

        RepeatedLine(String form, int count) {
            this.form = form;
            this.count = count;
        }

        @Override
        public int read() {
            if (position == line.length) {
                if (number == count) {
                    return -1;
                }
                line = String.format(form, number++).getBytes(StandardCharsets.UTF_8);
                position = 0;
            }
            return line[position++];
        }
    }
}
