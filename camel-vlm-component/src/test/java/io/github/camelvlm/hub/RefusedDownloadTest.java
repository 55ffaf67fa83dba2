package io.github.camelvlm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hubs that refuse a model, and hubs that mean harm. */
class RefusedDownloadTest extends HubTestSupport {
    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(String... variables) {
        return assertThatThrownBy(() -> fetch(FakeHub.MODEL, variables))
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageStartingWith("model test/shapes-vl cannot be fetched from " + hub.endpoint() + ": ");
    }

    private void assertNothingPlaced() throws IOException {
        assertThat(folder().resolve("snapshots")).doesNotExist();
        try (Stream<Path> paths = Files.walk(home)) {
            assertThat(paths.filter(Files::isRegularFile))
                    .noneMatch(path -> path.getFileName().toString().startsWith("evil"));
        }
    }

    @Test
    void asksForTheKeyOfAModelThatIsNotOpen() {
        hub.answer("listing", FakeHub.status(401), FakeHub.status(403));

        assertRefused()
                .hasMessageContaining("Check its spelling on " + hub.endpoint() + "/test/shapes-vl")
                .hasMessageContaining("set HF_TOKEN to the access token of an account that may read it");
        assertRefused("HF_TOKEN", "hf_secret")
                .hasMessageContaining("the key in HF_TOKEN opens it not")
                .message()
                .doesNotContain("hf_secret");
        assertThat(hub.requests()).hasSize(2);
    }

    @Test
    void saysWhereALicenceIsAccepted() {
        hub.answer("tokenizer.json", FakeHub.status(403, "X-Error-Code", "GatedRepo"));

        assertRefused()
                .hasMessageContaining(
                        "its licence must be accepted first. Do so at " + hub.endpoint() + "/test/shapes-vl");
    }

    @Test
    void saysThatThereIsNoSuchModelOrRevision() {
        hub.answer("listing", FakeHub.status(404), FakeHub.status(404, "X-Error-Code", "RevisionNotFound"));

        assertRefused()
                .hasMessageContaining("there is no such model or revision. Check its spelling")
                .hasMessageEndingWith(Path.of(FakeHub.MODEL).toAbsolutePath() + " is not there either");
        assertRefused().hasMessageContaining("there is no revision main. Check what follows the @");
    }

    @Test
    void saysThatModelScopeHasNoSuchRevision() {
        hub.answer("listing", FakeHub.json("{\"Code\": 200, \"Data\": {\"Files\": null}}"));

        assertThatThrownBy(() -> fetchFrom("modelscope", FakeHub.MODEL + "@v9"))
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("there is no revision v9")
                .hasMessageContaining(hub.endpoint() + "/models/test/shapes-vl");
    }

    @Test
    void fetchesNothingOfWhatIsNoModelForIt() {
        hub.without("preprocessor_config.json").without("model.safetensors");

        assertRefused().hasMessageContaining("it has no preprocessor_config.json, model.safetensors");
        assertThat(hub.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>Log in to the hotel's network</html>",
                "[]",
                "{}",
                "{\"sha\": \"../../../../evil\", \"siblings\": []}",
                "{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\": {}}",
                "{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\": [1, null, {\"rfilename\": 7}]}"
            })
    void refusesWhatIsNoListing(String text) throws IOException {
        hub.answer("listing", FakeHub.json(text));

        assertRefused();
        assertNothingPlaced();
    }

    @Test
    void refusesAListingThatDoesNotEnd() {
        hub.answer("listing", (exchange, file) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] blanks = " ".repeat(65536).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 10_000; i++) {
                exchange.getResponseBody().write(blanks);
            }
        });

        assertRefused().hasMessageContaining("its list of files does not end");
    }

    @Test
    void leavesOutFilesWhoseNamesOrHashesClimb() throws Exception {
        ObjectNode listing = hub.listingNode();
        ArrayNode files = (ArrayNode) listing.get("siblings");
        for (String name : List.of("../../evil.json", "/tmp/evil.json", "..\\evil.json")) {
            files.addObject().put("rfilename", name).put("size", 3).put("blobId", "0".repeat(40));
        }
        files.addObject().put("rfilename", "chat_template.jinja").put("size", 3).put("blobId", "../../../../../evil");
        hub.answer("listing", FakeHub.json(listing.toString()));

        Path model = fetch(FakeHub.MODEL);

        assertThat(model.resolve("chat_template.jinja")).doesNotExist();
        try (Stream<Path> names = Files.list(model)) {
            assertThat(names).hasSize(7);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../../../../evil.safetensors", "/tmp/evil.safetensors", "a/../evil.safetensors", ".ssh", ""})
    void refusesAnIndexThatNamesFilesElsewhere(String shard) throws IOException {
        hub.with(ModelFiles.INDEX, ("{\"weight_map\": {\"a\": \"" + shard + "\"}}").getBytes(StandardCharsets.UTF_8));

        assertRefused()
                .hasMessageContaining("it is damaged: model.safetensors.index.json names a file that cannot be one");
        assertNothingPlaced();
    }

    @Test
    void refusesAnIndexThatNamesWhatIsNotThere() {
        hub.with(ModelFiles.INDEX, "{\"weight_map\": {\"a\": \"b.safetensors\"}}".getBytes(StandardCharsets.UTF_8));

        assertRefused().hasMessageContaining("names b.safetensors, which is not there");
    }

    @Test
    void refusesFilesLargerThanAnyDisk() throws IOException {
        ObjectNode listing = hub.listingNode();
        listing.get("siblings").forEach(file -> ((ObjectNode) file).put("size", 2_000_000_000_000_000_000L));
        hub.answer("listing", FakeHub.json(listing.toString()));

        try (ModelHub models = new ModelHub()) {
            assertThatThrownBy(() -> models.directory(FakeHub.MODEL, options("huggingface")))
                    .isInstanceOf(ModelDownloadException.class);
        }
        assertThat(hub.requests()).hasSize(1);
        assertNothingPlaced();
    }

    @Test
    void takesNoMoreThanTheHubLists() throws IOException {
        FakeHub.Answer endless = (exchange, file) -> {
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 1000; i++) {
                exchange.getResponseBody().write(file);
            }
        };
        FakeHub.Answer lying = (exchange, file) -> {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write(file, 0, 5);
        };
        for (int i = 0; i < AT_ONCE.attempts(); i++) {
            hub.answer(WEIGHTS, endless).answer("tokenizer.json", lying);
        }

        assertRefused().hasMessageContaining("does not arrive");
        assertNothingPlaced();
        if (Files.exists(incomplete(WEIGHTS))) {
            assertThat(Files.size(incomplete(WEIGHTS))).isLessThanOrEqualTo(hub.file(WEIGHTS).length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file:///etc/passwd", "gopher://localhost/", "http:///nowhere", "://"})
    void followsNoRedirectToWhatIsNotHttp(String location) {
        hub.answer("listing", FakeHub.status(302, "Location", location));

        assertRefused().hasMessageContaining("redirects");
    }

    @Test
    void followsNoRedirectsWithoutEnd() {
        FakeHub.Answer around = (exchange, file) -> FakeHub.status(
                        307, "Location", exchange.getRequestURI().toString())
                .to(exchange, file);
        for (int i = 0; i < 20; i++) {
            hub.answer("listing", around);
        }

        assertRefused().hasMessageContaining("redirects without end");
    }

    @Test
    void followsARedirectOfARenamedModel() throws Exception {
        hub.answer("listing", FakeHub.status(307, "Location", "/api/models/new/name/revision/main?blobs=true"));

        assertThat(fetch(FakeHub.MODEL, "HF_TOKEN", "hf_secret")).isDirectory();
        assertThat(hub.requests().get(1).path()).startsWith("/api/models/new/name");
        assertThat(hub.requests().get(1).key()).isEqualTo("Bearer hf_secret");
    }

    @Test
    void refusesAKeyThatWouldBecomeAnotherHeader() {
        assertThatThrownBy(() -> fetch(FakeHub.MODEL, "HF_TOKEN", "a\r\nX: y"))
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("what HF_TOKEN holds cannot be an access key");
        assertThat(hub.requests()).isEmpty();
    }
}
