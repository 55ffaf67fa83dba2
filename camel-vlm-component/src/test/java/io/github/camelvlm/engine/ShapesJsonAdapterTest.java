package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.goldens.GoldenCase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The adapter that is shipped for shapes-vl: every drawing is answered with JSON of one form. */
@Timeout(120)
class ShapesJsonAdapterTest {
    private static final String NAME = "shapes-json";

    private static LocalEngine load(List<Path> merged, Map<String, Path> beside, String dtype) {
        return LocalEngine.load(Engines.adapted(GoldenCase.SHAPES_VL, merged, beside, dtype));
    }

    private static Completion ask(LocalEngine engine, GoldenCase golden, String adapter) throws Exception {
        ChatRequest request = Engines.request(
                golden.messagesWithReferencePixels(),
                SamplingOptions.builder()
                        .temperature(0.0)
                        .topLogprobs(0)
                        .maxTokens(golden.json().get("max_tokens").asInt())
                        .build());
        return engine.generate(request.withAdapter(adapter)).await();
    }

    /** Where the rounding of bfloat16 cannot turn a choice. */
    private static boolean isClear(GoldenCase golden) {
        return golden.json().get("smallest_margin").asDouble() > 0.5;
    }

    @Test
    void mergedInBfloat16ItGivesTheTextsOfTransformers() throws Exception {
        try (LocalEngine engine = load(List.of(GoldenCase.SHAPES_JSON), Map.of(), "bfloat16")) {
            for (GoldenCase golden : GoldenCase.inventories()
                    .filter(ShapesJsonAdapterTest::isClear)
                    .toList()) {
                assertThat(ask(engine, golden, null).text()).as(golden.name()).isEqualTo(golden.text("text"));
            }
        }
    }

    @Test
    void besideTheModelItGivesTheLogProbabilitiesOfTransformers() throws Exception {
        try (LocalEngine engine = load(List.of(), Map.of(NAME, GoldenCase.SHAPES_JSON), "float32")) {
            for (GoldenCase golden : GoldenCase.inventories().toList()) {
                Completion completion = ask(engine, golden, NAME);
                assertThat(completion.text()).as(golden.name()).isEqualTo(golden.text("text"));
                for (int i = 0; i < completion.logprobs().size(); i++) {
                    assertThat(completion.logprobs().get(i).logprob())
                            .as(golden.name())
                            .isCloseTo(
                                    golden.json()
                                            .get("logprobs")
                                            .get(i)
                                            .get("logprob")
                                            .asDouble(),
                                    Offset.offset(2e-3));
                }
            }
        }
    }

    @Test
    void besideTheModelItChangesOnlyTheAnswersThatChooseIt() throws Exception {
        GoldenCase plain = GoldenCase.shapes("describe two-shapes.png");
        try (LocalEngine engine = load(List.of(), Map.of(NAME, GoldenCase.SHAPES_JSON), "float32")) {
            String json = ask(engine, plain, NAME).text();
            assertThat(new ObjectMapper().readTree(json).fieldNames())
                    .toIterable()
                    .containsExactly("objects", "text", "background");
            assertThat(ask(engine, plain, null).text()).isEqualTo(plain.text("text"));
        }
    }
}
