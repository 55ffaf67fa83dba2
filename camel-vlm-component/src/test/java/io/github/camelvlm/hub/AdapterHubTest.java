package io.github.camelvlm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.goldens.GoldenCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Adapters come from a hub as models do, and of their repositories nothing else. */
class AdapterHubTest extends HubTestSupport {

    private Path fetchAdapter() throws InterruptedException {
        try (ModelHub models = new ModelHub(AT_ONCE, folder -> Long.MAX_VALUE)) {
            return models.adapter(FakeHub.MODEL, options("huggingface"));
        }
    }

    @Test
    void fetchesTheTwoFilesOfAnAdapter() throws Exception {
        for (String file : new String[] {"adapter_config.json", "adapter_model.safetensors"}) {
            hub.with(
                    file,
                    Files.readAllBytes(
                            GoldenCase.ADAPTERS.resolve("adapter-text").resolve(file)));
        }

        Path adapter = fetchAdapter();

        try (Stream<Path> files = Files.list(adapter)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("adapter_config.json", "adapter_model.safetensors");
        }
        int requests = hub.requests().size();
        assertThat(fetchAdapter()).isEqualTo(adapter);
        assertThat(hub.requests()).hasSize(requests);
    }

    @Test
    void refusesARepositoryWithoutAnAdapterBeforeAnythingIsFetched() throws IOException {
        assertThatThrownBy(this::fetchAdapter)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining(
                        "it has no adapter_config.json, adapter_model.safetensors. Take a LoRA adapter that"
                                + " PEFT saved as safetensors");
        assertThat(hub.requests()).hasSize(1);
    }
}
