package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.goldens.EditedModel;
import io.github.camelvlm.goldens.GoldenCase;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service with a model that fails on everything, since its weights are no numbers. */
class FaultyEngineTest {

    private static final String FAULT = "vlm_engine_fault\\{kind=\"not_finite\",model_name=\"[^\"]+\"} 1\\.0";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeModel() throws Exception {
        EditedModel.copy(GoldenCase.SHAPES_VL, folder).tensor("model.norm.weight", bytes -> {
            while (bytes.hasRemaining()) {
                bytes.putShort((short) 0x7FC0);
            }
        });
    }

    private static void assertFails(RunningService service, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            RunningService.Reply reply = service.chat("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.error().get("message").asText()).contains("logits are not finite");
        }
    }

    @Test
    void isNeitherReadyNorLiveAfterSomeFailuresAndSaysWhy() throws Exception {
        try (RunningService service = new RunningService(Map.of("vlm.model", folder.toString()))) {
            assertThat(service.get("/health/live").status()).isEqualTo(200);
            assertFails(service, 4);

            assertThat(service.get("/health/ready").status()).isEqualTo(503);
            assertThat(service.get("/health/live").status()).isEqualTo(503);
            assertThat(service.get("/metrics").text()).containsPattern(FAULT);
        }
    }

    @Test
    void letsServersAnswerInItsPlaceAndIsReadyAndLiveAsLongAsTheyDo() throws Exception {
        RunningService server = new RunningService(Map.of());
        try (RunningService service = new RunningService(Map.of(
                "vlm.model",
                folder.toString(),
                "vlm.engine",
                "auto",
                "vlm.base-url",
                "http://localhost:" + server.port() + "/v1",
                "vlm.remote-model",
                "shapes-vl",
                "api.model-name",
                "shapes-vl",
                "vlm.retry-timeout",
                "0"))) {
            assertFails(service, 3);
            String request = Conversations.describe("one-shape.png", "Describe this image.")
                    .toString();

            assertThat(service.chat(request)
                            .json()
                            .at("/choices/0/message/content")
                            .asText())
                    .isEqualTo(Goldens.caption("one-shape.png"));
            assertThat(service.get("/health/ready").status()).isEqualTo(200);
            assertThat(service.get("/health/live").status()).isEqualTo(200);
            assertThat(service.get("/metrics").text()).containsPattern(FAULT);

            server.close();
            Await.until(
                    "the server is missed",
                    () -> service.chat(request).status() == 503
                            && service.get("/health/live").status() == 503);
            assertThat(service.get("/health/ready").status()).isEqualTo(503);
        } finally {
            server.close();
        }
    }
}
