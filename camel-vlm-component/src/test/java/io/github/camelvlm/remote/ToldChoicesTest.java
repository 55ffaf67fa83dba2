package io.github.camelvlm.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Timings;
import io.github.camelvlm.chat.TokenLogprob;
import io.github.camelvlm.chat.UpstreamException;
import io.github.camelvlm.chat.Usage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToldChoicesTest {
    private static TokenLogprob token(String text, double probability, TokenLogprob... top) {
        return new TokenLogprob(-1, text.getBytes(StandardCharsets.UTF_8), Math.log(probability), List.of(top));
    }

    private static Completion answer(String text, TokenLogprob... tokens) {
        return new Completion(
                "served",
                text,
                List.of(),
                List.of(),
                List.of(tokens),
                FinishReason.STOP,
                new Usage(10, tokens.length),
                new Timings(Duration.ZERO, List.of(), Duration.ZERO),
                List.of());
    }

    @Test
    void comparesTextsByTheTokensThatTheServerNamesBesideItsOwn() {
        Completion answer = answer(
                "red circle",
                token("red", 0.5, token("red", 0.5), token("bl", 0.2), token("xyz", 0.2)),
                token(" circle", 0.6, token(" circle", 0.6), token(" square", 0.4)));

        assertThat(ToldChoices.of(List.of("red square", "red circle", "blue", "green"), answer)
                        .probabilities())
                .satisfiesExactly(
                        // 0.5 * 0.4, 0.5 * 0.6 and 0.2 of 0.7 in all
                        square -> assertThat(square).isCloseTo(0.2 / 0.7, within(1e-9)),
                        circle -> assertThat(circle).isCloseTo(0.3 / 0.7, within(1e-9)),
                        blue -> assertThat(blue).isCloseTo(0.2 / 0.7, within(1e-9)),
                        green -> assertThat(green).isZero());
    }

    @Test
    void refusesAnAnswerThatIsNoneOfTheTextsOrTellsNoProbabilities() {
        assertThatThrownBy(() -> ToldChoices.of(List.of("yes", "no"), answer("maybe")))
                .isInstanceOf(UpstreamException.class)
                .hasMessageContaining("none of the choices");
        assertThatThrownBy(() -> ToldChoices.of(List.of("yes", "no"), answer("yes")))
                .isInstanceOf(UpstreamException.class)
                .hasMessageContaining("told no log-probabilities");
    }
}
