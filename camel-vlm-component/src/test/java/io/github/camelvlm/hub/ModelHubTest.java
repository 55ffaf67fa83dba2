package io.github.camelvlm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is fetched, where it lies, and when nothing is fetched. */
class ModelHubTest extends HubTestSupport {
    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void fetchesTheFilesThatTheModelNeedsAndNoOther() throws Exception {
        Path model = fetch(FakeHub.MODEL);

        assertThat(names(model))
                .containsExactly(
                        "chat_template.json",
                        "config.json",
                        "generation_config.json",
                        WEIGHTS,
                        "preprocessor_config.json",
                        "tokenizer.json",
                        "tokenizer_config.json");
        for (String name : names(model)) {
            assertThat(model.resolve(name)).hasBinaryContent(hub.file(name));
        }
        assertThat(hub.requests("pytorch_model.bin")).isEmpty();
    }

    @Test
    void laysTheModelOutAsPythonDoes() throws Exception {
        Path model = fetch(FakeHub.MODEL);

        assertThat(model).isEqualTo(folder().resolve("snapshots").resolve(FakeHub.COMMIT));
        assertThat(folder().resolve("refs/main")).hasContent(FakeHub.COMMIT);
        assertThat(Files.readSymbolicLink(model.resolve(WEIGHTS)))
                .isEqualTo(Path.of("../../blobs", FakeHub.sha256(hub.file(WEIGHTS))));
        assertThat(Files.readSymbolicLink(model.resolve("config.json")))
                .isEqualTo(Path.of("../../blobs", FakeHub.gitHash(hub.file("config.json"))));
        assertThat(names(folder().resolve("blobs"))).hasSize(7).noneMatch(name -> name.contains("incomplete"));
    }

    @Test
    void asksNobodyOnceTheModelIsThere() throws Exception {
        Path model = fetch(FakeHub.MODEL);
        int requests = hub.requests().size();

        assertThat(fetch(FakeHub.MODEL)).isEqualTo(model);
        assertThat(fetch(FakeHub.MODEL + "@" + FakeHub.COMMIT)).isEqualTo(model);
        assertThat(hub.requests()).hasSize(requests);
    }

    @Test
    void fetchesARevision() throws Exception {
        fetch(FakeHub.MODEL + "@refs/pr/1");

        assertThat(hub.requests().get(0).path())
                .isEqualTo("/api/models/test/shapes-vl/revision/refs%2Fpr%2F1?blobs=true");
        assertThat(folder().resolve("refs/refs/pr/1")).hasContent(FakeHub.COMMIT);
        assertThat(folder().resolve("refs/main")).doesNotExist();
    }

    @Test
    void fetchesTheShardsThatTheIndexNames() throws Exception {
        ObjectNode index = new ObjectMapper().createObjectNode();
        index.putObject("weight_map")
                .put("a", "model-00001-of-00002.safetensors")
                .put("b", "model-00002-of-00002.safetensors")
                .put("c", "model-00001-of-00002.safetensors");
        hub.with(ModelFiles.INDEX, index.toString().getBytes(StandardCharsets.UTF_8))
                .with("model-00001-of-00002.safetensors", new byte[] {1})
                .with("model-00002-of-00002.safetensors", new byte[] {2})
                .with("model-00003-of-00003.safetensors", new byte[] {3});

        Path model = fetch(FakeHub.MODEL);

        assertThat(model.resolve("model-00002-of-00002.safetensors")).hasBinaryContent(new byte[] {2});
        assertThat(names(model))
                .contains("model-00001-of-00002.safetensors", ModelFiles.INDEX)
                .doesNotContain("model-00003-of-00003.safetensors", WEIGHTS);
        assertThat(hub.requests("model-00001-of-00002.safetensors")).hasSize(2);
    }

    @Test
    void completesWhatAnotherToolHasFetchedInPart() throws Exception {
        Path model = fetch(FakeHub.MODEL);
        Files.delete(model.resolve("tokenizer.json"));
        Files.delete(blob("tokenizer.json"));
        Files.delete(model.resolve("config.json"));
        int requests = hub.requests().size();

        fetch(FakeHub.MODEL);

        assertThat(model.resolve("tokenizer.json")).hasBinaryContent(hub.file("tokenizer.json"));
        assertThat(model.resolve("config.json")).hasBinaryContent(hub.file("config.json"));
        // The listing and the tokenizer; the blob of config.json was still there.
        assertThat(hub.requests()).hasSize(requests + 2);
    }

    @Test
    void storesFilesOfTheSameBytesOnce() throws Exception {
        hub.with("chat_template.jinja", hub.file("chat_template.json"));

        Path model = fetch(FakeHub.MODEL);

        assertThat(model.resolve("chat_template.jinja")).hasBinaryContent(hub.file("chat_template.json"));
        assertThat(hub.requests("chat_template.jinja").size()
                        + hub.requests("chat_template.json").size())
                .isEqualTo(1);
    }

    @Test
    void sendsTheKeyToTheHubAndToNoOtherHost() throws Exception {
        fetch(FakeHub.MODEL, "HF_TOKEN", "hf_secret");

        assertThat(hub.requests())
                .filteredOn(request -> request.server().equals("hub"))
                .hasSize(8)
                .allMatch(request -> "Bearer hf_secret".equals(request.key()));
        assertThat(hub.requests())
                .filteredOn(request -> request.server().equals("store"))
                .hasSize(1)
                .allMatch(request -> request.key() == null);
    }

    @Test
    void fetchesNothingWhereThatIsForbidden() {
        HubOptions options = options("huggingface");
        HubOptions forbidden = new HubOptions(options.hub(), false, options.environment());

        assertThatThrownBy(() -> new ModelHub().directory(FakeHub.MODEL, forbidden))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("download=true");
        assertThatThrownBy(() -> fetch(FakeHub.MODEL, "HF_HUB_OFFLINE", "1"))
                .hasMessageContaining("no revision main in the Hugging Face cache " + folder())
                .hasMessageContaining("no HF_HUB_OFFLINE")
                .hasMessageContaining("hf download test/shapes-vl");
        assertThatThrownBy(() -> fetch(FakeHub.MODEL, "TRANSFORMERS_OFFLINE", "true"))
                .hasMessageContaining("no revision main");
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void saysWhatIsMissingWhenItCannotBeFetched() throws Exception {
        Path model = fetch(FakeHub.MODEL);
        Files.delete(blob(WEIGHTS));

        assertThatThrownBy(() -> fetch(FakeHub.MODEL, "HF_HUB_OFFLINE", "yes"))
                .hasMessageContaining("is not complete: " + model + " lacks model.safetensors");
    }

    @Test
    void prefersADirectory() throws Exception {
        assertThat(fetch("src/main")).isEqualTo(Path.of("src/main").toAbsolutePath());
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void fetchesFromModelScope() throws Exception {
        Path model = fetchFrom("modelscope", FakeHub.MODEL, "MODELSCOPE_API_TOKEN", "ms-secret");

        assertThat(model.resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
        assertThat(hub.requests())
                .extracting(FakeHub.Request::path)
                .contains(
                        "/api/v1/models/test/shapes-vl/repo/files?Revision=master&Recursive=false",
                        "/api/v1/models/test/shapes-vl/repo?Revision=master&FilePath=tokenizer.json");
        assertThat(hub.requests()).allMatch(request -> "Bearer ms-secret".equals(request.key()));
        assertThat(folder().resolve("refs/main")).hasContent(model.getFileName().toString());
    }

    @Test
    void knowsTwoHubs() {
        assertThatThrownBy(() -> fetchFrom("gitlab", FakeHub.MODEL))
                .hasMessage("hub must be huggingface or modelscope, but is gitlab");
    }
}
