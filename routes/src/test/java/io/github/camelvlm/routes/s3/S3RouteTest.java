package io.github.camelvlm.routes.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.BlankPicture;
import io.github.camelvlm.routes.DocumentFile;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningS3;
import io.github.camelvlm.routes.RunningService;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.Tag;

class S3RouteTest {
    private static RunningS3 s3;
    private static RunningService service;

    @BeforeAll
    static void start() {
        s3 = new RunningS3();
        Map<String, String> properties = new HashMap<>(s3.properties());
        properties.putAll(DocumentFile.PROPERTIES);
        properties.put("vlm.s3", "true");
        properties.put("s3.tag", "caption");
        properties.put("vlm.animation", "video");
        properties.put("vlm.max-image-pixels", "900000");
        properties.put("vlm.max-image-bytes", "100000");
        service = new RunningService(properties);
    }

    @AfterAll
    static void stop() {
        service.close();
        s3.close();
    }

    @Test
    void describesAnObject() throws Exception {
        s3.put("one-shape.png", "2026/11/one shape+.PNG");
        Await.until("it is described", () -> s3.isDescribed("2026/11/one shape+.PNG"));

        JsonNode json = s3.caption("2026/11/one shape+.PNG");
        assertThat(json.get("name").asText()).isEqualTo("2026/11/one shape+.PNG");
        assertThat(json.get("caption").asText()).isEqualTo(Goldens.caption("one-shape.png"));
        assertThat(json.at("/picture/bytes").asLong()).isEqualTo(Files.size(Goldens.picture("one-shape.png")));
        assertThat(json.at("/usage/prompt_tokens").asInt())
                .isEqualTo(Goldens.descriptions()
                        .get("one-shape.png")
                        .get("prompt_tokens")
                        .asInt());
        assertThat(s3.keys("2026/")).containsExactly("2026/11/one shape+.PNG");
        Await.until("the claim is taken back", () -> s3.keys("claims/2026/").isEmpty());
    }

    @Test
    void putsTheCaptionIntoTheTagsBesideThoseThatAreThere() throws Exception {
        s3.client()
                .putObject(
                        request -> request.bucket(RunningS3.BUCKET)
                                .key("tagged.png")
                                .tagging("album=shapes&caption=old"),
                        Goldens.picture("one-shape.png"));
        Await.until("it is described", () -> s3.isDescribed("tagged.png"));

        assertThat(s3.client()
                        .getObjectTagging(
                                request -> request.bucket(RunningS3.BUCKET).key("tagged.png"))
                        .tagSet())
                .containsExactlyInAnyOrder(
                        Tag.builder().key("album").value("shapes").build(),
                        Tag.builder()
                                .key("caption")
                                .value(Goldens.caption("one-shape.png"))
                                .build());
    }

    @Test
    void describesAnAnimationAsAFilm() throws Exception {
        s3.put(DocumentFile.animation(), "films/a.gif");
        Await.until("it is described", () -> s3.isDescribed("films/a.gif"));

        assertThat(s3.caption("films/a.gif").get("caption").asText()).isEqualTo(DocumentFile.FILM_CAPTION);
    }

    @Test
    void tellsOfADocumentPageByPageAndOfAFilm() throws Exception {
        byte[] pdf = DocumentFile.withoutPage(1, "two-shapes.png", "one-shape.png");
        s3.put(pdf, "scans/a.pdf");
        s3.put(Files.readAllBytes(DocumentFile.film("circle-then-square.mp4")), "films/a.mp4");
        s3.put(DocumentFile.encrypted("secret", "one-shape.png"), "scans/locked.pdf");
        Await.until("the document is described", () -> s3.isDescribed("scans/a.pdf"));
        Await.until("the film is described", () -> s3.isDescribed("films/a.mp4"));
        Await.until("the locked one has failed", () -> s3.hasFailed("scans/locked.pdf"));

        JsonNode document = s3.caption("scans/a.pdf");
        assertThat(document.get("failed_pages")).hasToString("[1]");
        assertThat(document.get("pages").get(0).get("failure").asText()).contains("page 1 of document scans/a.pdf");
        assertThat(document.get("pages").get(1).get("caption").asText()).isEqualTo(Goldens.caption("one-shape.png"));
        assertThat(document.get("document")).hasToString("{\"pages\":2,\"bytes\":" + pdf.length + "}");
        assertThat(s3.caption("films/a.mp4").get("caption").asText()).isEqualTo(DocumentFile.FILM_CAPTION);
        assertThat(s3.text(RunningS3.BUCKET, "failed/scans/locked.pdf.error.txt"))
                .contains("is encrypted");
    }

    @Test
    void leavesOtherObjectsAlone() throws Exception {
        s3.put("Not a picture.".getBytes(StandardCharsets.UTF_8), "notes.txt");
        s3.put("one-shape.png", "notes.png");
        Await.until("the picture is described", () -> s3.isDescribed("notes.png"));

        assertThat(s3.keys("notes")).containsExactly("notes.png", "notes.txt");
        assertThat(s3.isDescribed("notes.txt")).isFalse();
    }

    @Test
    void setsAsideWhatCannotBeDescribedAndSaysWhy() throws Exception {
        s3.put("These are words.".getBytes(StandardCharsets.UTF_8), "bad/words.png");
        s3.put(Arrays.copyOf(Files.readAllBytes(Goldens.picture("three-shapes.jpg")), 3000), "bad/cut.jpg");
        s3.put(new byte[100_001], "bad/large.png");
        s3.put(BlankPicture.png(1000, 1000), "bad/wide.png");
        for (String key : new String[] {"bad/words.png", "bad/cut.jpg", "bad/large.png", "bad/wide.png"}) {
            Await.until(key + " has failed", () -> s3.hasFailed(key));
            assertThat(s3.isDescribed(key)).isFalse();
        }

        assertThat(s3.text(RunningS3.BUCKET, "failed/bad/words.png")).isEqualTo("These are words.");
        assertThat(s3.text(RunningS3.BUCKET, "failed/bad/words.png.error.txt"))
                .isEqualTo(
                        "bad/words.png cannot be described: picture bad/words.png is not a PNG, JPEG, GIF, BMP, TIFF, WebP,"
                                + " HEIC, AVIF, ICO, PSD, TGA or PNM file: send it in one of these formats");
        assertThat(s3.text(RunningS3.BUCKET, "failed/bad/cut.jpg.error.txt")).contains("is cut off after 3,000 bytes");
        assertThat(s3.text(RunningS3.BUCKET, "failed/bad/large.png.error.txt"))
                .contains("bad/large.png has 100,001 bytes, more than the 100,000 allowed");
        assertThat(s3.text(RunningS3.BUCKET, "failed/bad/wide.png.error.txt"))
                .startsWith("bad/wide.png cannot be described: ")
                .endsWith("raise VLM_MAX_IMAGE_PIXELS");
        Await.until("the claims are taken back", () -> s3.keys("claims/bad/").isEmpty());
    }

    @Test
    void takesKeysForNamesAndNeverForExpressions() throws Exception {
        String key = "a ${sys.user.home} ${camelContext.stop} 'b' %41 #?&{{vlm.model}}.png";
        s3.put("one-shape.png", key);
        Await.until("it is described", () -> s3.isDescribed(key));

        assertThat(s3.caption(key).get("name").asText()).isEqualTo(key);
        assertThat(s3.caption(key).get("caption").asText()).isEqualTo(Goldens.caption("one-shape.png"));
    }
}
