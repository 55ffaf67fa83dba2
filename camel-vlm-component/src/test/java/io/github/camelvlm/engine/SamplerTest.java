package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.SamplingOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final int[] PROMPT = {7, 8};
    private static final PermittedTokens ALL = new PermittedTokens(SamplingOptions.NONE, Set.of(), List.of(), null, 64);

    @Test
    void drawsTheSameNumbersForTheSameSeed() {
        assertThat(draws(11L)).containsExactly(draws(11L)).isNotEqualTo(draws(12L));
    }

    @Test
    void drawsOtherNumbersEachTimeWithoutASeed() {
        assertThat(draws(null)).isNotEqualTo(draws(null));
    }

    private static double[] draws(Long seed) {
        Sampler sampler = new Sampler(SamplingOptions.builder().seed(seed).build(), PROMPT, ALL);
        return DoubleStream.generate(() -> {
                    double draw = sampler.next().draw();
                    sampler.accept(1);
                    return draw;
                })
                .limit(20)
                .toArray();
    }

    @Test
    void takesTheLikeliestWhereTopPLeavesNoOther() {
        Sampler sampler =
                new Sampler(SamplingOptions.builder().topP(0.0).temperature(1.5).build(), PROMPT, ALL);

        assertThat(sampler.next().temperature()).isZero();
    }

    @Test
    void keepsItsNumberUntilATokenIsAccepted() {
        Sampler sampler = new Sampler(SamplingOptions.NONE, PROMPT, ALL);

        assertThat(sampler.next().draw()).isEqualTo(sampler.next().draw());
    }

    @Test
    void repeatsThePromptsAndTheAnswersTokensOnlyUnderAPenalty() {
        Sampler penalized =
                new Sampler(SamplingOptions.builder().repetitionPenalty(1.1).build(), PROMPT, ALL);
        penalized.accept(3);
        Sampler neutral = new Sampler(SamplingOptions.NONE, PROMPT, ALL);
        neutral.accept(3);

        assertThat(penalized.next().repeated()).containsExactly(3, 7, 8);
        assertThat(neutral.next().repeated()).isEmpty();
    }

    @Test
    void takesPresencePenaltyOnceAndFrequencyPenaltyForEachToken() {
        Sampler sampler = new Sampler(
                SamplingOptions.builder()
                        .presencePenalty(0.5)
                        .frequencyPenalty(0.25)
                        .logitBias(Map.of(3, 2.0, 9, 1.0))
                        .build(),
                PROMPT,
                ALL);
        sampler.accept(3);
        sampler.accept(3);
        sampler.accept(4);

        // The prompt's tokens do not count: OpenAI's penalties look at the answer alone.
        assertThat(sampler.next().biases()).isEqualTo(Map.of(3, 1.0, 4, -0.75, 9, 1.0));
    }
}
