package io.github.camelvlm.routes.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.github.camelvlm.routes.BatchFile;
import io.github.camelvlm.routes.DocumentFile;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningBroker;
import io.github.camelvlm.routes.RunningS3;
import io.github.camelvlm.routes.RunningService;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class QueueRouteTest {
    private static final String REQUESTS = "vlm.requests";
    private static final String DEAD_LETTERS = "vlm.dead-letters";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The web server answers so many requests for /late.png with status 503. */
    private static final AtomicInteger TOO_EARLY = new AtomicInteger(2);

    private static RunningBroker broker;
    private static RunningS3 s3;
    private static HttpServer web;
    private static RunningService service;

    @BeforeAll
    static void start() throws Exception {
        broker = new RunningBroker();
        s3 = new RunningS3();
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] picture = Files.readAllBytes(Goldens.picture("two-shapes.png"));
        web.createContext("/", exchange -> {
            boolean isThere =
                    switch (exchange.getRequestURI().getPath()) {
                        case "/two.png" -> true;
                        case "/never.png" -> false;
                        default -> TOO_EARLY.getAndDecrement() <= 0;
                    };
            exchange.getResponseHeaders().set("Content-Type", "image/png");
            exchange.sendResponseHeaders(isThere ? 200 : 503, isThere ? picture.length : -1);
            exchange.getResponseBody().write(isThere ? picture : new byte[0]);
            exchange.close();
        });
        web.start();
        Map<String, String> properties = new HashMap<>(s3.properties());
        properties.putAll(broker.properties());
        properties.putAll(DocumentFile.PROPERTIES);
        properties.put("api.allow-private-addresses", "true");
        properties.put("api.allowed-directories", Goldens.picture("").toString());
        properties.put("vlm.max-image-bytes", "100000");
        properties.put("vlm.animation", "video");
        properties.put("queue.retry-delay", "100");
        service = new RunningService(properties);
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
        web.stop(0);
        s3.close();
        broker.close();
    }

    private static byte[] picture(String golden) throws Exception {
        return Files.readAllBytes(Goldens.picture(golden));
    }

    private static JsonNode json(Message message) throws Exception {
        return JSON.readTree(message.getBody(String.class));
    }

    private static String url(String path) {
        return "http://127.0.0.1:" + web.getAddress().getPort() + path;
    }

    @Test
    void answersAPicture() throws Exception {
        Message request = broker.bytes(picture("two-shapes.png"));
        request.setJMSCorrelationID("order 1");
        request.setStringProperty("name", "two.png");
        Message answer = broker.ask(REQUESTS, request);

        assertThat(answer.getJMSCorrelationID()).isEqualTo("order 1");
        JsonNode json = json(answer);
        assertThat(json.get("name").asText()).isEqualTo("two.png");
        assertThat(json.get("caption").asText()).isEqualTo(Goldens.caption("two-shapes.png"));
        assertThat(json.get("finish_reason").asText()).isEqualTo("stop");
        assertThat(json.get("picture"))
                .hasToString("{\"width\":140,\"height\":112,\"bytes\":" + picture("two-shapes.png").length + "}");
    }

    @Test
    void answersADocumentPageByPage() throws Exception {
        Message request = broker.bytes(DocumentFile.pdf("one-shape.png", "one-shape.png"));
        request.setStringProperty("name", "a.pdf");
        JsonNode json = json(broker.ask(REQUESTS, request));

        assertThat(json.get("name").asText()).isEqualTo("a.pdf");
        assertThat(json.get("pages"))
                .extracting(page ->
                        page.get("page").asInt() + " " + page.get("caption").asText())
                .containsExactly("1 " + Goldens.caption("one-shape.png"), "2 " + Goldens.caption("one-shape.png"));
    }

    @Test
    void answersAFilmAndAnAnimation() throws Exception {
        byte[] film = Files.readAllBytes(DocumentFile.film("circle-then-square.mp4"));
        for (byte[] request : List.of(film, DocumentFile.animation())) {
            JsonNode json = json(broker.ask(REQUESTS, broker.bytes(request)));

            assertThat(json.get("caption").asText()).isEqualTo(DocumentFile.FILM_CAPTION);
        }
        String url = "data:video/mp4;base64," + Base64.getEncoder().encodeToString(film);
        assertThat(json(broker.ask(REQUESTS, broker.text(url))).get("caption").asText())
                .isEqualTo(DocumentFile.FILM_CAPTION);
    }

    @Test
    void asksWhatThePropertiesOfAPictureAsk() throws Exception {
        Message request = broker.bytes(picture("two-shapes.png"));
        request.setIntProperty("max_tokens", 3);
        JsonNode json = json(broker.ask(REQUESTS, request));

        assertThat(json.get("finish_reason").asText()).isEqualTo("length");
        assertThat(json.at("/usage/completion_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void takesNoOrdersFromPropertiesThatLookLikeThoseOfCamel() throws Exception {
        Message request = broker.bytes(picture("two-shapes.png"));
        request.setStringProperty("CAMELVLMMAXTOKENS", "1");
        request.setStringProperty("camelVLMstreaming", "true");
        request.setStringProperty("CAMELVLMSYSTEMMESSAGE", "Say nothing.");
        request.setStringProperty("CAMELFILELENGTH", "1");
        JsonNode json = json(broker.ask(REQUESTS, request));

        assertThat(json.get("caption").asText()).isEqualTo(Goldens.caption("two-shapes.png"));
        assertThat(json.get("finish_reason").asText()).isEqualTo("stop");
        assertThat(json.at("/picture/bytes").asInt()).isEqualTo(picture("two-shapes.png").length);
    }

    @Test
    void answersRequestsALineEach() throws Exception {
        Message request = broker.text(BatchFile.requests(3));
        request.setJMSCorrelationID("batch 1");
        Message answer = broker.ask(REQUESTS, request);

        assertThat(answer.getJMSCorrelationID()).isEqualTo("batch 1");
        BatchFile.assertAnswers(answer.getBody(String.class), 3);
    }

    @Test
    void answersASingleRequestInBytes() throws Exception {
        String one = BatchFile.request("request-0", BatchFile.picture(0));
        Message answer = broker.ask(REQUESTS, broker.bytes(one.getBytes(StandardCharsets.UTF_8)));

        BatchFile.assertAnswers(answer.getBody(String.class), 1);
    }

    @Test
    void answersAHostileLineOfAMessageThatSaysItIsABatch() throws Exception {
        Message request = broker.text("nonsense\n" + BatchFile.request("good", BatchFile.picture(0)));
        request.setStringProperty("type", "batch");
        List<JsonNode> answers = BatchFile.lines(broker.ask(REQUESTS, request).getBody(String.class));

        assertThat(answers)
                .extracting(line -> line.at("/response/status_code").asInt())
                .containsExactly(400, 200);
    }

    @Test
    void answersTheUrlOfAPicture() throws Exception {
        JsonNode json = json(broker.ask(REQUESTS, broker.text(url("/two.png?secret=1"))));

        assertThat(json.get("caption").asText()).isEqualTo(Goldens.caption("two-shapes.png"));
        assertThat(json.get("name").asText()).isEqualTo("two.png");
    }

    @Test
    void answersAPictureWrittenIntoItsUrl() throws Exception {
        String base64 = Base64.getEncoder().encodeToString(picture("one-shape.png"));
        JsonNode json = json(broker.ask(REQUESTS, broker.text("data:image/png;base64," + base64)));

        assertThat(json.get("caption").asText()).isEqualTo(Goldens.caption("one-shape.png"));
        assertThat(json.get("name").asText()).isEqualTo("picture");
    }

    @Test
    void answersJsonWithAPromptAndOptions() throws Exception {
        Message answer = broker.ask(
                REQUESTS,
                broker.text("{\"url\": \"" + url("/two.png")
                        + "\", \"prompt\": \"How many shapes are there?\", \"max_tokens\": 2, \"temperature\": 0}"));

        JsonNode json = json(answer);
        assertThat(json.at("/usage/completion_tokens").asInt()).isEqualTo(2);
        assertThat(json.at("/usage/prompt_tokens").asInt())
                .as("of another question")
                .isNotEqualTo(Goldens.descriptions()
                        .get("two-shapes.png")
                        .get("prompt_tokens")
                        .asInt());
    }

    @Test
    void answersAPathBelowADirectoryThatIsOpenToRequests() throws Exception {
        Message answer = broker.ask(
                REQUESTS,
                broker.text("{\"url\": \"" + Goldens.picture("one-shape.png").toUri() + "\"}"));

        assertThat(json(answer).get("caption").asText()).isEqualTo(Goldens.caption("one-shape.png"));
    }

    @Test
    void answersAKeyOfS3() throws Exception {
        s3.put("one-shape.png", "asked/one.png");

        for (String text : new String[] {
            "asked/one.png", "s3://" + RunningS3.BUCKET + "/asked/one.png", "{\"key\": \"asked/one.png\"}"
        }) {
            JsonNode json = json(broker.ask(REQUESTS, broker.text(text)));
            assertThat(json.get("caption").asText()).as(text).isEqualTo(Goldens.caption("one-shape.png"));
            assertThat(json.get("name").asText()).as(text).isEqualTo("one.png");
        }
    }

    @Test
    void putsTheAnswerIntoAQueueIfNoneIsAskedFor() throws Exception {
        Message request = broker.bytes(picture("one-shape.png"));
        broker.send(REQUESTS, request);
        Message answer = broker.receive("vlm.answers");

        assertThat(answer.getJMSCorrelationID()).isEqualTo(request.getJMSMessageID());
        assertThat(json(answer).get("caption").asText()).isEqualTo(Goldens.caption("one-shape.png"));
    }

    @Test
    void setsAsideAPoisonousMessageAsItCameAndTellsItsSender() throws Exception {
        byte[] words = "These are words.".getBytes(StandardCharsets.UTF_8);
        Message request = broker.bytes(words);
        request.setJMSCorrelationID("poison");
        request.setStringProperty("customer", "7");
        Message answer = broker.ask(REQUESTS, request);
        Message dead = broker.receive(DEAD_LETTERS);

        assertThat(answer.getJMSCorrelationID()).isEqualTo("poison");
        assertThat(json(answer).at("/error/message").asText())
                .contains("is not a PNG, JPEG, GIF, BMP, TIFF, WebP, HEIC, AVIF, ICO, PSD, TGA or PNM file");
        assertThat(dead.getJMSCorrelationID()).isEqualTo("poison");
        assertThat(dead.getBody(byte[].class)).isEqualTo(words);
        assertThat(dead.getStringProperty("customer")).isEqualTo("7");
        assertThat(dead.getStringProperty(DeadLetterQueue.REASON))
                .contains("is not a PNG, JPEG, GIF, BMP, TIFF, WebP, HEIC, AVIF, ICO, PSD, TGA or PNM file");
        assertThat(dead.getStringProperty(DeadLetterQueue.QUEUE)).contains(REQUESTS);
        assertThat(json(broker.ask(REQUESTS, broker.bytes(picture("one-shape.png"))))
                        .get("caption")
                        .asText())
                .isEqualTo(Goldens.caption("one-shape.png"));
    }

    @Test
    void refusesWhatIsTooLargeUnknownOrNotAllowed() throws Exception {
        assertRefused(broker.bytes(new byte[100_001]), "the message has 100,001 bytes, more than the 100,000 allowed");
        assertRefused(
                broker.text("{\"url\": \"data:,\", \"promt\": \"?\"}"),
                "the field \"promt\", which is not known here: known are");
        assertRefused(broker.text("{\"prompt\": \"?\"}"), "url or key must name the picture");
        assertRefused(broker.text("{\"url\": \"/etc/passwd\"}"), "add its directory to API_ALLOWED_DIRECTORIES");
        assertRefused(broker.text("s3://secrets/a.png"), "names a bucket that is not open to messages");
        assertRefused(broker.text("not/there.png"), "names an object that is not there");
        assertRefused(
                broker.text("iVBORw0KGgoA".repeat(100)),
                "is longer than a key of S3 can be (iVBORw0KGgoA…): a picture in base64 is sent as"
                        + " data:image/png;base64, and the data");
        assertRefused(broker.text("file:///etc/passwd"), "url cannot be used");
        assertRefused(broker.text("data:image/png;base64,!"), "that is not base64");
        assertRefused(broker.session().createMapMessage(), "of a kind that is not understood");
        Message wrong = broker.bytes(picture("one-shape.png"));
        wrong.setStringProperty("max_tokens", "-1");
        assertRefused(wrong, "max_tokens");
    }

    private static void assertRefused(Message request, String reason) throws Exception {
        assertThat(json(broker.ask(REQUESTS, request)).at("/error/message").asText())
                .contains(reason);
        assertThat(broker.receive(DEAD_LETTERS).getStringProperty(DeadLetterQueue.REASON))
                .contains(reason);
    }

    @Test
    void forwardsALargeDeadLetterWhole() throws Exception {
        byte[] large = new byte[3_000_000];
        large[large.length - 1] = 7;
        broker.send(REQUESTS, broker.bytes(large));

        // Its body comes as it is read, and only as long as the consumer is there.
        try (MessageConsumer consumer =
                broker.session().createConsumer(broker.session().createQueue(DEAD_LETTERS))) {
            Message dead = consumer.receive(30_000);
            assertThat(dead.getBody(byte[].class)).isEqualTo(large);
            assertThat(dead.getStringProperty(DeadLetterQueue.REASON)).contains("3,000,000 bytes");
        }
        assertThat(json(broker.receive("vlm.answers")).at("/error/code").asText())
                .isEqualTo("invalid_image");
    }

    @Test
    void fetchesAgainWhatMayCome() throws Exception {
        JsonNode json = json(broker.ask(REQUESTS, broker.text(url("/late.png"))));

        assertThat(json.get("caption").asText()).isEqualTo(Goldens.caption("two-shapes.png"));
        assertThat(TOO_EARLY).hasValue(-1);
    }

    @Test
    void setsAsideWhatFailsEachTime() throws Exception {
        assertRefused(broker.text(url("/never.png")), "503");
    }

    private void rollBack(String queue, int times) throws Exception {
        try (Session session = broker.connection().createSession(true, Session.SESSION_TRANSACTED);
                MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
            for (int delivery = 1; delivery <= times; delivery++) {
                assertThat(consumer.receive(10_000)).isNotNull();
                session.rollback();
            }
        }
    }

    @Test
    void setsAsideWhatEndedItsConsumersTooOften() throws Exception {
        broker.send("fatal", broker.bytes(picture("one-shape.png")));
        rollBack("fatal", 2);
        Map<String, String> properties = new HashMap<>(broker.properties());
        properties.put("queue.requests", "fatal");
        properties.put("queue.dead-letters", "fatal.dead");
        properties.put("queue.max-deliveries", "2");
        properties.put("queue.consumers", "1");
        try (RunningService another = new RunningService(properties)) {
            assertThat(broker.receive("fatal.dead").getStringProperty(DeadLetterQueue.REASON))
                    .startsWith("it was delivered 3 times and never answered");
            assertThat(another.isStopping()).isFalse();
        }
    }

    @Test
    void answersWhatOneEndOfAProcessWasCountedForByEachOfItsConsumers() throws Exception {
        broker.send("counted", broker.bytes(picture("one-shape.png")));
        rollBack("counted", 8);
        Map<String, String> properties = new HashMap<>(broker.properties());
        properties.put("queue.requests", "counted");
        properties.put("queue.answers", "counted.answers");
        properties.put("queue.consumers", "8");
        try (RunningService another = new RunningService(properties)) {
            assertThat(broker.receive("counted.answers").getBody(String.class)).contains("yellow diamond");
            assertThat(another.isStopping()).isFalse();
        }
    }
}
