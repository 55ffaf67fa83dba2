package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.BufferedGeneration;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Delta;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.Timings;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.ToolChoice;
import io.github.camelvlm.chat.ToolDefinition;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.CompiledPrompt;
import io.github.camelvlm.model.TokenPositions;
import io.github.camelvlm.model.Tokenizer;
import io.github.camelvlm.model.ToolCallParser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that a model might give, token by token. */
class AnswerTest {
    private static final Tools TOOLS = new Tools(List.of(new ToolDefinition("weather", "{}")), ToolChoice.AUTO);
    private static final String TWO_CALLS = """
            Let me see.
            <tool_call>
            {"name": "weather", "arguments": {"city": "Tromsø"}}
            </tool_call>
            <tool_call>
            {"name": "weather", "arguments": {"city": "北京"}}
            </tool_call><|im_end|>""";

    /** One that has the tags as tokens of their own, and one that spells them. */
    static List<Path> tokenizers() {
        return List.of(GoldenCase.QWEN2_TOKENIZER, GoldenCase.SHAPES_VL);
    }

    private record Told(List<Delta> deltas, Completion completion) {}

    private static Told answer(Path model, String text, Tools tools, SamplingOptions sampling, FinishReason reason)
            throws InterruptedException {
        BufferedGeneration generation = new BufferedGeneration();
        try (Tokenizer tokenizer = Tokenizer.load(model)) {
            int end = tokenizer.idOf("<|im_end|>").orElseThrow();
            CompiledPrompt prompt = new CompiledPrompt(new int[] {1}, new TokenPositions(new long[3][1], 0), List.of());
            Answer answer =
                    new Answer("m", tokenizer, Set.of(end), generation, 0, prompt, sampling, new ToolCallParser(tools));
            boolean stopped = false;
            for (int id : tokenizer.encode(text)) {
                stopped |= answer.append(new SampledToken(id, 0, new int[0], new double[0]));
                if (stopped) {
                    break;
                }
            }
            answer.finish(reason, 0, 0, 0);
        }
        List<Delta> deltas = new ArrayList<>();
        for (Optional<Delta> next = generation.next(); next.isPresent(); next = generation.next()) {
            deltas.add(next.get());
        }
        return new Told(deltas, generation.await());
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void tellsTheCallsOfAnAnswerApartFromItsText(Path model) throws InterruptedException {
        Told told = answer(model, TWO_CALLS, TOOLS, SamplingOptions.NONE, FinishReason.STOP);

        assertThat(told.completion().text()).isEqualTo("Let me see.");
        assertThat(told.completion().toolCalls())
                .extracting(ToolCall::arguments)
                .containsExactly("{\"city\":\"Tromsø\"}", "{\"city\":\"北京\"}");
        assertThat(told.completion().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(told.deltas().stream().map(Delta::text)).doesNotContain("<").contains(" see");
        assertThat(told.deltas().stream().flatMap(delta -> delta.toolCalls().stream()))
                .containsExactlyElementsOf(told.completion().toolCalls());
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void leavesCallsThatNobodyAskedForInTheText(Path model) throws InterruptedException {
        Told told = answer(model, TWO_CALLS, Tools.NONE, SamplingOptions.NONE, FinishReason.STOP);

        assertThat(told.completion().text() + "<|im_end|>").isEqualTo(TWO_CALLS);
        assertThat(told.completion().toolCalls()).isEmpty();
        assertThat(told.completion().finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void saysThatItWasCutThoughACallIsComplete() throws InterruptedException {
        Told told = answer(
                GoldenCase.SHAPES_VL, TWO_CALLS.substring(0, 130), TOOLS, SamplingOptions.NONE, FinishReason.LENGTH);

        assertThat(told.completion().toolCalls()).hasSize(1);
        assertThat(told.completion().text()).isEqualTo("Let me see.");
        assertThat(told.completion().finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void tellsNoMarkupOfACallThatIsCutShort(Path model) throws InterruptedException {
        for (int length = 13; length < 60; length += 7) {
            Told told = answer(model, TWO_CALLS.substring(0, length), TOOLS, SamplingOptions.NONE, FinishReason.LENGTH);

            assertThat(told.completion().text()).isEqualTo("Let me see.");
            assertThat(told.completion().toolCalls()).isEmpty();
            assertThat(told.completion().finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(told.deltas().stream().map(Delta::text).reduce("", String::concat))
                    .isEqualTo(told.completion().text());
        }
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void endsWithItsFirstCallIfThereMayBeNoOther(Path model) throws InterruptedException {
        Tools single = new Tools(TOOLS.definitions(), TOOLS.choice(), false);

        Told told = answer(model, TWO_CALLS, single, SamplingOptions.NONE, FinishReason.STOP);

        assertThat(told.completion().text()).isEqualTo("Let me see.");
        assertThat(told.completion().toolCalls())
                .extracting(ToolCall::arguments)
                .containsExactly("{\"city\":\"Tromsø\"}");
        assertThat(told.completion().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(told.completion().usage().completionTokens())
                .isLessThan(answer(model, TWO_CALLS, TOOLS, SamplingOptions.NONE, FinishReason.STOP)
                        .completion()
                        .usage()
                        .completionTokens());
    }

    @Test
    void timesTheFirstTokenAndEachGapAfterIt() throws InterruptedException {
        long before = System.nanoTime();
        Completion completion = answer(
                        GoldenCase.SHAPES_VL, TWO_CALLS, Tools.NONE, SamplingOptions.NONE, FinishReason.STOP)
                .completion();
        Duration spent = Duration.ofNanos(System.nanoTime() - before);

        Timings timings = completion.timings();
        Duration all = timings.betweenTokens().stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(timings.betweenTokens())
                .hasSize(completion.tokenIds().size() - 1)
                .noneMatch(Duration::isNegative);
        assertThat(all).isPositive().isLessThan(spent);
        assertThat(timings.firstToken().plus(all)).isLessThanOrEqualTo(timings.total());
    }

    @Test
    void endsAtAStopTextInsideACall() throws InterruptedException {
        SamplingOptions stop =
                SamplingOptions.builder().stop(List.of("\"arguments\"")).build();

        Told told = answer(GoldenCase.SHAPES_VL, TWO_CALLS, TOOLS, stop, FinishReason.LENGTH);

        assertThat(told.completion().text()).isEqualTo("Let me see.");
        assertThat(told.completion().finishReason()).isEqualTo(FinishReason.STOP);
    }
}
