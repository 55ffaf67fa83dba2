package io.github.camelvlm.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub that has the small model, and an empty cache. */
abstract class HubTestSupport {
    /** The usual number of attempts, without the time between them. */
    static final Retries AT_ONCE = new Retries(Retries.USUAL.attempts(), Duration.ofMillis(1), Duration.ofSeconds(5));

    static final String WEIGHTS = "model.safetensors";

    @TempDir
    Path home;

    FakeHub hub;

    @BeforeEach
    void startHub() throws IOException {
        hub = FakeHub.ofShapesVl();
    }

    @AfterEach
    void stopHub() {
        hub.close();
    }

    Path fetch(String model, String... variables) throws InterruptedException {
        return fetchFrom("huggingface", model, variables);
    }

    Path fetchFrom(String site, String model, String... variables) throws InterruptedException {
        try (ModelHub models = new ModelHub(AT_ONCE, folder -> Long.MAX_VALUE)) {
            return models.directory(model, options(site, variables));
        }
    }

    HubOptions options(String site, String... variables) {
        Map<String, String> environment = new HashMap<>(hub.environment(home));
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new HubOptions(site, true, environment);
    }

    /** The folder of the model in the cache. */
    Path folder() {
        return home.resolve("hub/models--test--shapes-vl");
    }

    Path blob(String file) {
        byte[] bytes = hub.file(file);
        return folder().resolve("blobs")
                .resolve(file.endsWith(".safetensors") ? FakeHub.sha256(bytes) : FakeHub.gitHash(bytes));
    }

    /** Where the bytes of a file gather. */
    Path incomplete(String file) {
        return blob(file).resolveSibling(blob(file).getFileName() + BlobDownload.INCOMPLETE);
    }
}
