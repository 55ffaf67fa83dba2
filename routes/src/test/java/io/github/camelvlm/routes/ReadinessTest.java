package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readiness follows what the routes depend on; liveness does not. */
class ReadinessTest {
    @TempDir
    private Path root;

    @Test
    void followsTheBroker() throws Exception {
        try (RunningBroker broker = new RunningBroker();
                RunningService service = new RunningService(broker.properties())) {
            // A route is ready when it has looked for the first time.
            awaitReady(service);

            broker.goAway();
            assertNotReady(service);

            broker.comeBack();
            awaitReady(service);
        }
    }

    @Test
    void followsTheBucket() throws Exception {
        try (RunningS3 s3 = new RunningS3()) {
            Map<String, String> properties = new HashMap<>(s3.properties());
            properties.put("vlm.s3", "true");
            properties.put("s3.bucket", "missing");
            try (RunningService service = new RunningService(properties)) {
                assertNotReady(service);

                s3.client().createBucket(request -> request.bucket("missing"));
                awaitReady(service);
            }
        }
    }

    @Test
    void followsTheFolder() throws Exception {
        WatchedFolder folder = new WatchedFolder(root);
        Map<String, String> properties = Map.of(
                "vlm.folder", "true",
                "vlm.inbox", folder.inbox().toString(),
                "vlm.captions", folder.captions().toString(),
                "vlm.done", folder.done().toString(),
                "vlm.failed", folder.failed().toString());
        try (RunningService service = new RunningService(properties)) {
            // A route is ready when it has looked for the first time.
            awaitReady(service);

            Files.delete(folder.captions());
            assertNotReady(service);

            Files.createDirectory(folder.captions());
            awaitReady(service);
        }
    }

    private static void awaitReady(RunningService service) throws Exception {
        Await.until("it is ready", () -> service.get("/health/ready").status() == 200);
    }

    private static void assertNotReady(RunningService service) throws Exception {
        Await.until("it is not ready", () -> service.get("/health/ready").status() == 503);
        assertThat(service.get("/health").status()).isEqualTo(503);
        assertThat(service.get("/health/live").status()).isEqualTo(200);
    }
}
