package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Delta;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.openai.ChatCompletionReader;
import io.github.camelvlm.openai.ChatRequestMapper;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that a model makes of its own accord: shapes-tools was taught to record what it sees. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class ToolCallsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LocalEngine engine;

    @BeforeAll
    void load() {
        engine = LocalEngine.load(Engines.options(GoldenCase.SHAPES_TOOLS, "float32"));
    }

    @AfterAll
    void close() {
        engine.close();
    }

    static Stream<GoldenCase> cases() {
        return GoldenCase.tools();
    }

    private static GoldenCase named(String name) {
        return cases().filter(golden -> golden.name().equals(name)).findFirst().orElseThrow();
    }

    private static ChatRequest asked(String request) {
        return ChatRequestMapper.toChatRequest(ChatCompletionReader.read(request), GoldenCase::picture);
    }

    private Completion answer(String request) throws InterruptedException {
        return engine.generate(asked(request)).await();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void saysWhatTransformersSays(GoldenCase golden) throws InterruptedException {
        Completion completion = answer(golden.request().toString());

        assertThat(completion.tokenIds())
                .containsExactlyElementsOf(Arrays.stream(golden.ints("generated_token_ids"))
                        .boxed()
                        .toList());
        assertThat(completion.usage().promptTokens())
                .isEqualTo(golden.json().get("prompt_tokens").asInt());
        int calls = golden.text("text").split("<tool_call>", -1).length - 1;
        assertThat(completion.toolCalls()).hasSize(calls);
        assertThat(completion.text()).isEqualTo(calls == 0 ? golden.text("text") : "");
        assertThat(completion.finishReason()).isEqualTo(calls == 0 ? FinishReason.STOP : FinishReason.TOOL_CALLS);
    }

    @Test
    void callsTheToolForEachShape() throws InterruptedException {
        Completion completion = answer(named("record two-shapes.png").request().toString());

        assertThat(completion.toolCalls())
                .extracting(ToolCall::arguments)
                .containsExactlyInAnyOrder(
                        "{\"color\":\"orange\",\"shape\":\"triangle\"}",
                        "{\"color\":\"yellow\",\"shape\":\"hexagon\"}");
        assertThat(completion.toolCalls()).extracting(ToolCall::name).containsOnly("record_shape");
    }

    @Test
    void saysNothingOfACallThatMaxTokensCutsShort() throws InterruptedException {
        GoldenCase golden = named("record two-shapes.png");
        int length = golden.ints("generated_token_ids").length;
        for (int tokens = 1; tokens < length; tokens += 5) {
            Generation generation = engine.generate(
                    asked(golden.request().put("max_tokens", tokens).toString()));
            StringBuilder streamed = new StringBuilder();
            for (Optional<Delta> next = generation.next(); next.isPresent(); next = generation.next()) {
                streamed.append(next.get().text());
            }

            assertThat(streamed).as("cut after %d tokens", tokens).isEmpty();
            assertThat(generation.await().text()).isEmpty();
            assertThat(generation.await().finishReason()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @Test
    void endsWithItsFirstCallIfThereMayBeNoOther() throws InterruptedException {
        GoldenCase golden = named("record two-shapes.png");

        Completion completion =
                answer(golden.request().put("parallel_tool_calls", false).toString());

        assertThat(completion.toolCalls()).hasSize(1);
        assertThat(completion.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        List<Integer> all =
                Arrays.stream(golden.ints("generated_token_ids")).boxed().toList();
        assertThat(completion.tokenIds()).hasSizeLessThan(all.size());
        assertThat(all).startsWith(completion.tokenIds().toArray(Integer[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"required\"", "{\"type\":\"function\",\"function\":{\"name\":\"record_shape\"}}"})
    void demandedCallsFollowTheToolsSchemaWhateverIsDrawn(String choice) throws Exception {
        for (int seed = 0; seed < 10; seed++) {
            ObjectNode request = named("record two-shapes.png").request();
            request.put("temperature", 1.5).put("seed", seed).put("max_tokens", 300);
            request.put("parallel_tool_calls", seed % 2 == 0).set("tool_choice", JSON.readTree(choice));

            Completion completion = answer(request.toString());

            assertThat(completion.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
            assertThat(completion.text()).isEmpty();
            assertThat(completion.toolCalls()).isNotEmpty().allSatisfy(call -> {
                assertThat(call.name()).isEqualTo("record_shape");
                JsonNode arguments = JSON.readTree(call.arguments());
                assertThat(arguments.get("color").isTextual()).isTrue();
                assertThat(arguments.get("shape").isTextual()).isTrue();
            });
            assertThat(completion.toolCalls()).hasSizeLessThanOrEqualTo(seed % 2 == 0 ? 99 : 1);
        }
    }

    @Test
    void countsAnAnswerByTheReasonThatItTells() throws InterruptedException {
        try (LocalEngine counting = LocalEngine.load(Engines.options(GoldenCase.SHAPES_TOOLS, "float32"))) {
            counting.generate(asked(named("record two-shapes.png").request().toString()))
                    .await();

            // The answer comes a moment before it is counted.
            counting.shutdown(Duration.ofSeconds(30));

            assertThat(counting.statistics().ended()).isEqualTo(Map.of(FinishReason.TOOL_CALLS, 1L));
        }
    }
}
