package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.goldens.EditedModel;
import io.github.camelvlm.goldens.GoldenCase;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service with a model that fails on everything, since its weights are no numbers. */
class FaultyEngineTest {

    @Test
    void isNeitherReadyNorLiveAfterSomeFailuresAndSaysWhy(@TempDir Path folder) throws Exception {
        EditedModel.copy(GoldenCase.SHAPES_VL, folder).tensor("model.norm.weight", bytes -> {
            while (bytes.hasRemaining()) {
                bytes.putShort((short) 0x7FC0);
            }
        });
        try (RunningService service = new RunningService(Map.of("vlm.model", folder.toString()))) {
            assertThat(service.get("/health/live").status()).isEqualTo(200);
            for (int i = 0; i < 4; i++) {
                RunningService.Reply reply = service.chat("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

                assertThat(reply.status()).isEqualTo(503);
                assertThat(reply.error().get("message").asText()).contains("logits are not finite");
            }

            assertThat(service.get("/health/ready").status()).isEqualTo(503);
            assertThat(service.get("/health/live").status()).isEqualTo(503);
            assertThat(service.get("/metrics").text())
                    .containsPattern("vlm_engine_fault\\{kind=\"not_finite\",model_name=\"[^\"]+\"} 1\\.0");
        }
    }
}
