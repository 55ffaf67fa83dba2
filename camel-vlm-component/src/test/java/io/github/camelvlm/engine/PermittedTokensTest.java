package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Tokenizer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PermittedTokensTest {
    private static final Set<Integer> ENDS = Set.of(8, 9);

    private static PermittedTokens permitted(SamplingOptions.Builder options, List<List<Integer>> badWords) {
        return new PermittedTokens(options.build(), ENDS, badWords, null, 64);
    }

    @Test
    void forbidsNothingUnlessAsked() {
        PermittedTokens permitted = permitted(SamplingOptions.builder(), List.of());

        assertThat(permitted.forbidden()).isEmpty();
        assertThat(permitted.allowed()).isEmpty();
        assertThat(permitted.areNone()).isFalse();
    }

    @Test
    void forbidsTheEndUntilThereAreEnoughTokens() {
        PermittedTokens permitted = permitted(SamplingOptions.builder().minTokens(2), List.of());

        assertThat(permitted.forbidden()).isEqualTo(ENDS);
        permitted.accept(1);
        assertThat(permitted.forbidden()).isEqualTo(ENDS);
        permitted.accept(1);
        assertThat(permitted.forbidden()).isEmpty();
    }

    @Test
    void forbidsTheTokenThatWouldCompleteAText() {
        PermittedTokens permitted =
                permitted(SamplingOptions.builder(), List.of(List.of(5), List.of(1, 2), List.of(1, 1, 3)));

        assertThat(permitted.forbidden()).containsExactly(5);
        permitted.accept(1);
        assertThat(permitted.forbidden()).containsExactlyInAnyOrder(5, 2);
        permitted.accept(1);
        assertThat(permitted.forbidden()).containsExactlyInAnyOrder(5, 2, 3);
        permitted.accept(4);
        assertThat(permitted.forbidden()).containsExactly(5);
    }

    @Test
    void knowsWhenNoTokenIsLeft() {
        PermittedTokens permitted = permitted(
                SamplingOptions.builder().allowedTokenIds(List.of(1, 8, 1)).minTokens(5), List.of(List.of(1, 1)));

        assertThat(permitted.allowed()).containsExactly(1, 8);
        assertThat(permitted.areNone()).isFalse();
        permitted.accept(1);
        assertThat(permitted.areNone()).isTrue();
    }

    @Test
    void findsTextsAtTheBeginningAndAfterASpace() {
        try (Tokenizer tokenizer = Tokenizer.load(GoldenCase.QWEN2_TOKENIZER)) {
            List<List<Integer>> words = PermittedTokens.badWords(List.of(" diamond"), tokenizer);

            assertThat(words)
                    .extracting(ids -> text(ids, tokenizer))
                    .startsWith("diamond")
                    .allMatch(text -> text.strip().equals("diamond"));
        }
        try (Tokenizer tokenizer = Tokenizer.load(GoldenCase.SHAPES_VL)) {
            assertThat(PermittedTokens.badWords(List.of("red"), tokenizer))
                    .extracting(ids -> text(ids, tokenizer))
                    .contains("red");
        }
    }

    private static String text(List<Integer> ids, Tokenizer tokenizer) {
        StringBuilder text = new StringBuilder();
        ids.forEach(id -> text.append(new String(tokenizer.bytesOf(id), java.nio.charset.StandardCharsets.UTF_8)));
        return text.toString();
    }
}
