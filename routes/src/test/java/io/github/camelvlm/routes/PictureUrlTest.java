package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.camelvlm.VlmConstants;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures that a request names by an address instead of sending them. */
class PictureUrlTest {
    private static final Semaphore FETCHED = new Semaphore(0);
    private static final Semaphore GIVEN_UP = new Semaphore(0);
    private static HttpServer pictures;
    private static RunningService trusting;
    private static RunningService careful;
    private static Path folder;

    @BeforeAll
    static void start(@TempDir Path root) throws Exception {
        byte[] picture = Files.readAllBytes(Goldens.picture("one-shape.png"));
        pictures = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        pictures.createContext("/", exchange -> {
            String type = exchange.getRequestURI().getQuery();
            boolean known = exchange.getRequestURI().getPath().equals("/one-shape.png");
            exchange.getResponseHeaders().set("Content-Type", type == null ? "image/png" : type);
            exchange.sendResponseHeaders(known ? 200 : 404, known ? picture.length : -1);
            if (known) {
                exchange.getResponseBody().write(picture);
            }
            exchange.close();
        });
        pictures.createContext("/page", exchange -> {
            String type = exchange.getRequestURI().getQuery();
            byte[] page = "<!DOCTYPE html><html><body>Log in</body></html>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        pictures.createContext("/slow.png", PictureUrlTest::drip);
        pictures.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "pictures");
            thread.setDaemon(true);
            return thread;
        }));
        pictures.start();
        folder = Files.createDirectory(root.resolve("pictures")).toRealPath();
        Files.write(folder.resolve("one-shape.png"), picture);
        Path outside = Files.write(root.resolve("outside.png"), picture);
        Files.createSymbolicLink(folder.resolve("link.png"), outside);
        trusting = new RunningService(Map.of(
                "api.allow-private-addresses", "true",
                "api.allowed-hosts", "localhost",
                "api.allowed-directories", folder.toString()));
        careful = new RunningService(
                Map.of("api.max-images", "2", "vlm.max-image-pixels", "100000", "vlm.context-length", "256"));
    }

    @AfterAll
    static void stop() {
        trusting.close();
        careful.close();
        pictures.stop(0);
    }

    /** Sends a byte every now and then, for as long as the client takes them. */
    private static void drip(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "image/png");
        exchange.sendResponseHeaders(200, 0);
        OutputStream body = exchange.getResponseBody();
        FETCHED.release();
        try {
            while (true) {
                body.write(0);
                body.flush();
                LockSupport.parkNanos(10_000_000);
            }
        } catch (IOException e) {
            GIVEN_UP.release();
            throw e;
        }
    }

    private static String ask(String url) throws Exception {
        return request(url).toString();
    }

    private static ObjectNode request(String url) throws Exception {
        ObjectNode request = Conversations.describe("one-shape.png", "Describe this image.");
        ((ObjectNode) request.at("/messages/0/content/0/image_url")).put("url", url);
        return request;
    }

    private static String address() {
        return "http://localhost:" + pictures.getAddress().getPort();
    }

    @ParameterizedTest
    @CsvSource({"one-shape.heic, image/heic", "one-shape.avif, image/avif", "one-shape.heic, application/octet-stream"})
    void takesThePicturesOfPhones(String name, String type) throws Exception {
        String base64 = Base64.getEncoder().encodeToString(Files.readAllBytes(Goldens.still(name)));

        RunningService.Reply reply = careful.chat(ask("data:" + type + ";base64," + base64));

        assertThat(reply.json().at("/choices/0/message/content").asText()).isEqualTo(Goldens.caption("one-shape.png"));
    }

    @Test
    void fetchesAPictureOverHttp() throws Exception {
        RunningService.Reply reply = trusting.chat(ask(address() + "/one-shape.png"));

        assertThat(reply.json().at("/choices/0/message/content").asText()).isEqualTo(Goldens.caption("one-shape.png"));
    }

    @Test
    void fetchesAPictureWhoseTypeTheServerDoesNotKnow() throws Exception {
        RunningService.Reply reply = trusting.chat(ask(" " + address() + "/one-shape.png?binary/octet-stream"));

        assertThat(reply.json().at("/choices/0/message/content").asText()).isEqualTo(Goldens.caption("one-shape.png"));
    }

    @Test
    void readsAPictureBelowAnAllowedDirectory() throws Exception {
        RunningService.Reply reply =
                trusting.chat(ask(folder.resolve("one-shape.png").toUri().toString()));

        assertThat(reply.json().at("/choices/0/message/content").asText()).isEqualTo(Goldens.caption("one-shape.png"));
    }

    @Test
    void tellsOfAPictureThatIsNotThere() throws Exception {
        RunningService.Reply reply = trusting.chat(ask(address() + "/other.png?secret=1"));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.error().get("message").asText()).contains("/other.png").doesNotContain("secret");
    }

    /** Whatever the server says of it: the address is the request's, and leads to something else. */
    @ParameterizedTest
    @ValueSource(strings = {"text/html", "image/png", "application/octet-stream"})
    void tellsOfAnAddressThatLeadsToAPage(String type) throws Exception {
        RunningService.Reply reply = trusting.chat(ask(address() + "/page?" + type));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().get("type").asText()).isEqualTo("invalid_request_error");
        assertThat(reply.error().get("code").asText()).isEqualTo("invalid_image");
        assertThat(reply.error().get("param").asText()).isEqualTo("messages[0].content[0]");
    }

    /** OpenAI answers 400 of what came with the request and is no picture. */
    @ParameterizedTest
    @ValueSource(strings = {"data:image/png;base64,AAAA", "data:image/png;base64,a*b", "data:text/html;base64,AAAA"})
    void tellsOfAPictureThatCameAndCannotBeRead(String url) throws Exception {
        RunningService.Reply reply = careful.chat(ask(url));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().get("code").asText()).isEqualTo("invalid_image");
    }

    @Test
    void saysWhatBareBase64Lacks() throws Exception {
        String base64 = Conversations.dataUrl("one-shape.png").replaceFirst(".*,", "");

        RunningService.Reply reply = careful.chat(ask(base64));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().get("message").asText())
                .isEqualTo(
                        "messages[0].content[0].image_url cannot be used: picture iVBORw0KGgoA… is base64 without the beginning of a data"
                                + " URL: write data:image/png;base64, before it");
    }

    private static String tooMany() throws Exception {
        ObjectNode request = request("data:,");
        ArrayNode parts = (ArrayNode) request.at("/messages/0/content");
        return request.set(
                        "messages",
                        request.arrayNode()
                                .add(request.objectNode()
                                        .put("role", "user")
                                        .set("content", parts.add(parts.get(0)).add(parts.get(0)))))
                .toString();
    }

    private static String tooLong() {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.putArray("messages").addObject().put("role", "user").put("content", "circle ".repeat(1_000));
        return request.toString();
    }

    private static String tooManyPixels() throws Exception {
        return ask("data:image/png;base64," + Base64.getEncoder().encodeToString(BlankPicture.png(400, 400)));
    }

    @Test
    void namesInErrorsWhatTheOperatorCanSet() throws Exception {
        List<String> options = new ArrayList<>();
        try (InputStream catalog = VlmConstants.class.getResourceAsStream("/META-INF/io/github/camelvlm/vlm.json")) {
            new ObjectMapper().readTree(catalog).get("properties").fieldNames().forEachRemaining(options::add);
        }
        Pattern camelCase = Pattern.compile(options.stream()
                .filter(name -> !name.equals(name.toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining("|")));
        Map<String, RunningService.Reply> replies = Map.of(
                "API_ALLOW_PRIVATE_ADDRESSES", careful.chat(ask("http://127.0.0.1/a.png")),
                "API_ALLOWED_DIRECTORIES", careful.chat(ask("/etc/passwd")),
                "API_ALLOWED_HOSTS", trusting.chat(ask("http://127.0.0.1/a.png")),
                "API_MAX_IMAGES", careful.chat(tooMany()),
                "VLM_MAX_IMAGE_PIXELS", careful.chat(tooManyPixels()),
                "VLM_CONTEXT_LENGTH", careful.chat(tooLong()));

        assertThat(camelCase.pattern()).contains("allowedHosts|");
        for (Map.Entry<String, RunningService.Reply> reply : replies.entrySet()) {
            assertThat(reply.getValue().status()).isEqualTo(400);
            assertThat(reply.getValue().error().get("message").asText())
                    .contains(reply.getKey())
                    .doesNotContainPattern(camelCase);
        }
    }

    @Test
    void readsNoFileOutOfItsDirectory() throws Exception {
        for (String path : new String[] {"/etc/passwd", folder + "/../outside.png", folder + "/link.png"}) {
            assertThat(trusting.chat(ask(path)).status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/a.png",
                "http://127.0.0.1/a.png",
                "http://[::ffff:127.0.0.1]/a.png",
                "http://169.254.169.254/latest/meta-data",
                "file:///etc/passwd",
                "ftp://example.org/a.png",
                "../../etc/passwd"
            })
    void fetchesNothingFromWhereItMayNot(String url) throws Exception {
        RunningService.Reply reply = careful.chat(ask(url));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().get("param").asText()).isEqualTo("messages[0].content[0].image_url");
    }

    @Test
    void fetchesNoMoreToCountTokensThanToAnswer() throws Exception {
        RunningService.Reply reply = careful.send(careful.post("/tokenize", ask(address() + "/one-shape.png")));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(trusting.send(trusting.post("/tokenize", ask(address() + "/one-shape.png")))
                        .status())
                .isEqualTo(200);
    }

    /** A fetch may take 30 s. */
    @ParameterizedTest
    @CsvSource({"/v1/chat/completions, false", "/v1/chat/completions, true", "/tokenize, false"})
    void givesAPictureUpWhoseClientHasLeft(String path, boolean streamed) throws Exception {
        EventStream client = new EventStream(
                trusting.port(),
                path,
                request(address() + "/slow.png").put("stream", streamed).toString());
        assertThat(FETCHED.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        Await.until("it alone is in hand", () -> trusting.requestsInHand() == 1);
        Instant left = Instant.now();
        client.close();

        Await.until("the place is free", () -> trusting.requestsInHand() == 0);
        assertThat(GIVEN_UP.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.between(left, Instant.now())).isLessThan(Duration.ofSeconds(20));
        Await.until("it is counted", () -> trusting.metric("vlm_requests_in_hand") == 0);
        assertThat(trusting.metric("vlm_requests_seconds_count{reason=\"client_left\",status=\"499\""))
                .isPositive();
    }
}
