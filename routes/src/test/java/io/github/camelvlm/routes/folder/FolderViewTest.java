package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.BatchFile;
import io.github.camelvlm.routes.DocumentFile;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningRoutes;
import io.github.camelvlm.routes.RunningService;
import io.github.camelvlm.routes.WatchedFolder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP shows of the folder, in a service that has a key. */
class FolderViewTest {
    private static final String KEY = "sesame";

    @TempDir
    private static Path root;

    private static WatchedFolder folder;
    private static RunningService service;

    @BeforeAll
    static void start() {
        folder = new WatchedFolder(root);
        service = new RunningService(Map.of(
                "api.key", KEY,
                "vlm.folder", "true",
                "vlm.settle", RunningRoutes.SETTLE,
                "vlm.inbox", folder.inbox().toString(),
                "vlm.captions", folder.captions().toString(),
                "vlm.done", folder.done().toString(),
                "vlm.failed", folder.failed().toString()));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static RunningService.Reply get(String path) throws Exception {
        return service.send(service.request(path).header("Authorization", "Bearer " + KEY));
    }

    /** What is told of a picture, as soon as it has ended. */
    private static JsonNode picture(String name) throws Exception {
        JsonNode[] found = new JsonNode[1];
        Await.until(name + " has ended", () -> {
            for (JsonNode picture : get("/v1/folder").json().get("pictures")) {
                if (picture.get("name").asText().equals(name)) {
                    found[0] = picture;
                }
            }
            return found[0] != null;
        });
        return found[0];
    }

    @Test
    void tellsOfPicturesThatWereDescribedAndOfThoseThatFailed() throws Exception {
        folder.put("one-shape.png", "told.png");
        folder.put("no picture".getBytes(), "broken.png");

        JsonNode described = picture("told.png");
        assertThat(described.get("caption").asText()).isEqualTo(folder.caption("told.png"));
        assertThat(described.get("completion_tokens").asInt()).isPositive();
        JsonNode failed = picture("broken.png");
        assertThat(failed.get("error").asText()).contains("broken.png is not a PNG");
        assertThat(failed.has("thumbnail")).isFalse();
        RunningService.Reply reply = get("/v1/folder");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        assertThat(reply.header("Content-Length")).isNotNull();
        assertThat(reply.json().get("watching").asBoolean()).isTrue();
        assertThat(reply.json().get("done").asInt()).isPositive();
        assertThat(reply.json().get("failed").asInt()).isPositive();
        assertThat(reply.json().get("last_minute").asInt()).isPositive();
        long newest = reply.json().at("/pictures/0/id").asLong();
        assertThat(get("/v1/folder?after=" + newest).json().get("pictures")).isEmpty();
    }

    @Test
    void tellsHowFarFilesOfRequestsAre() throws Exception {
        folder.put((BatchFile.requests(400) + "[]\n").getBytes(StandardCharsets.UTF_8), "many.jsonl");
        Await.until(
                "some lines are answered",
                () -> batch("many.jsonl").at("/answered").asInt() > 0);
        JsonNode underWay = batch("many.jsonl");
        assertThat(underWay.get("lines").asInt()).isEqualTo(401);

        Await.until(
                "all are answered",
                () -> batch("many.jsonl").at("/in_hand").asText().equals("false"));
        JsonNode over = batch("many.jsonl");
        assertThat(over.get("answered").asInt()).isEqualTo(401);
        assertThat(over.get("failed").asInt()).isEqualTo(1);
        assertThat(over.get("at").asText()).isGreaterThan(underWay.get("at").asText());
        assertThat(underWay.get("in_hand").asBoolean()).isTrue();
    }

    @Test
    void tellsHowFarDocumentsAre() throws Exception {
        int pages = 40;
        folder.put(DocumentFile.pdf(Collections.nCopies(pages, "one-shape.png").toArray(String[]::new)), "long.pdf");
        Await.until(
                "a page is answered",
                Duration.ofMinutes(1),
                () -> document("long.pdf").path("answered").asInt() > 0);
        assertThat(document("long.pdf").path("pages").asInt(pages)).isEqualTo(pages);

        Await.until("it is done", Duration.ofMinutes(2), () -> folder.isDone("long.pdf"));
        Await.until("it is in hand no more", () -> document("long.pdf").isMissingNode());
    }

    private static JsonNode document(String name) throws Exception {
        for (JsonNode document : get("/v1/folder").json().get("documents")) {
            if (document.get("name").asText().equals(name)) {
                return document;
            }
        }
        return MissingNode.getInstance();
    }

    private static JsonNode batch(String name) throws Exception {
        for (JsonNode batch : get("/v1/folder").json().get("batches")) {
            if (batch.get("name").asText().equals(name)) {
                return batch;
            }
        }
        return MissingNode.getInstance();
    }

    @Test
    void showsASmallJpegOfWhatBrowsersDoNotShow() throws Exception {
        folder.put(Files.readAllBytes(Goldens.still("one-shape.heic")), "phone.heic");
        String thumbnail = picture("phone.heic").get("thumbnail").asText();

        HttpResponse<byte[]> reply = service.client()
                .send(
                        service.request(thumbnail)
                                .header("Authorization", "Bearer " + KEY)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());

        assertThat(reply.headers().firstValue("Content-Type")).contains("image/jpeg");
        assertThat(ImageIO.read(new ByteArrayInputStream(reply.body())).getWidth())
                .isEqualTo(112);
    }

    @Test
    void showsASmallJpegOfAPicture() throws Exception {
        BufferedImage large = new BufferedImage(900, 600, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 600; y++) {
            for (int x = 0; x < 900; x++) {
                large.setRGB(x, y, x < 450 ? 0xff0000 : 0x0000ff);
            }
        }
        Path drawn = root.resolve("drawn.tiff");
        ImageIO.write(large, "tiff", drawn.toFile());
        folder.put(Files.readAllBytes(drawn), "large.tiff");
        String thumbnail = picture("large.tiff").get("thumbnail").asText();

        HttpResponse<byte[]> reply = service.client()
                .send(
                        service.request(thumbnail)
                                .header("Authorization", "Bearer " + KEY)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());

        assertThat(reply.headers().firstValue("Content-Type")).contains("image/jpeg");
        assertThat(reply.headers().firstValue("Cache-Control")).contains("no-store");
        BufferedImage small = ImageIO.read(new ByteArrayInputStream(reply.body()));
        assertThat(small.getWidth()).isEqualTo(320);
        assertThat(small.getHeight()).isEqualTo(213);
        assertThat(small.getRGB(20, 100) & 0xff0000).isGreaterThan(0xe00000);
        assertThat(small.getRGB(300, 100) & 0xff).isGreaterThan(0xe0);
    }

    @Test
    void namesNoThumbnailOfADocumentAndAVideoWhichHaveNone() throws Exception {
        folder.put(DocumentFile.pdf("one-shape.png"), "letter.PDF");
        folder.put(Files.readAllBytes(DocumentFile.film("circle-then-square.mp4")), "film.mp4");

        for (String name : List.of("letter.PDF", "film.mp4")) {
            JsonNode described = picture(name);
            assertThat(described.has("caption")).as(name).isTrue();
            assertThat(described.has("thumbnail")).as(name).isFalse();
        }
    }

    @Test
    void showsNothingElseInThePlaceOfAPicture() throws Exception {
        folder.put("one-shape.png", "changed.png");
        String thumbnail = picture("changed.png").get("thumbnail").asText();
        Path place = folder.done().resolve("changed.png");
        Path secret = Files.copy(place, root.resolve("secret.png"));
        Files.write(secret, new byte[] {0}, StandardOpenOption.APPEND);
        Files.delete(place);
        Files.createSymbolicLink(place, secret);

        assertThat(get(thumbnail).status()).isEqualTo(404);

        Files.delete(place);
        assertThat(get(thumbnail).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/folder/pictures/0",
                "/v1/folder/pictures/-1",
                "/v1/folder/pictures/999999999999999999999",
                "/v1/folder/pictures/..%2f..%2fpom.xml",
                "/v1/folder/pictures/..%5c..%5cpom.xml",
                "/v1/folder/pictures/%2e%2e%2fdone%2ftold.png",
                "/v1/folder/pictures/told.png",
                "/v1/folder/pictures/1%00",
                "/v1/folder/pictures/../../../pom.xml"
            })
    void showsNoFileThatARequestNames(String path) throws Exception {
        assertThat(get(path).status()).as(path).isIn(400, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/folder", "/v1/folder/pictures/1", "/v1/Folder"})
    void showsNothingWithoutAKey(String path) throws Exception {
        assertThat(service.get(path).status()).isEqualTo(401);
    }

    @Test
    void refusesAPlaceInTheListThatIsNone() throws Exception {
        RunningService.Reply reply = get("/v1/folder?after=now");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().get("message").asText()).startsWith("after must be the id of a picture");
    }
}
