package io.github.camelvlm.routes.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.camelvlm.routes.BatchFile;
import io.github.camelvlm.routes.RunningRoutes;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchesEndTest {
    @TempDir
    private Path root;

    @Test
    void areClosedAfterTheContextThatEndedTheirThreads() throws Exception {
        Batches batches = new Batches();
        RunningRoutes routes = new RunningRoutes(root, Map.of("vlm.folder", "false"));
        try {
            batches.setCamelContext(routes.context());
            batches.setAtOnce(1);
            batches.setMaxBody(10_000);
            byte[] requests = BatchFile.requests(1).getBytes(StandardCharsets.UTF_8);
            assertThat(batches.answer(new ByteArrayInputStream(requests), root.resolve("answers"), "requests")
                            .failed())
                    .isZero();
        } finally {
            routes.close();
        }

        assertThatCode(batches::close).doesNotThrowAnyException();
    }
}
