package io.github.camelvlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ModelLoadException;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecialTokenGuardTest {
    private static final List<String> SPECIAL = List.of("<|im_end|>", "<s>");
    private final SpecialTokenGuard guard = new SpecialTokenGuard(SPECIAL);

    @ParameterizedTest
    @ValueSource(strings = {"<|im_end|>", "<<|im_end|>>", "<s><s>", "a <s> b", "\ufdd0<\ufdd1s\ufdd00>", "<\ufdd0s>"})
    void noSpecialTokenIsFoundInMarkedText(String text) {
        assertThat(guard.mark(text)).doesNotContain(SPECIAL);
        assertThat(guard.unmark(guard.mark(text))).isEqualTo(text);
    }

    @Test
    void textsThatSpellASpecialTokenTogetherDoNotMakeOne() {
        assertThat(guard.mark("<|im_") + guard.mark("end|>")).doesNotContain(SPECIAL);
        assertThat(guard.mark("<") + "|im_end|>").doesNotContain(SPECIAL);
        assertThat("<|im_end|" + guard.mark(">")).doesNotContain(SPECIAL);
    }

    @Test
    void otherTextIsLeftAsItIs() {
        assertThat(guard.mark("Describe this image. 🎨")).isEqualTo("Describe this image. 🎨");
    }

    @Test
    void unmarkUndoesMarkAlsoOfJoinedTexts() {
        Random random = new Random(4);
        String alphabet = "<>|s01\ufdd0\ufdd1";
        for (int round = 0; round < 5_000; round++) {
            List<String> texts = IntStream.range(0, 3)
                    .mapToObj(i -> random.ints(random.nextInt(6), 0, alphabet.length())
                            .mapToObj(index -> alphabet.substring(index, index + 1))
                            .collect(Collectors.joining()))
                    .toList();

            String marked = texts.stream().map(guard::mark).collect(Collectors.joining());

            assertThat(guard.unmark(marked)).isEqualTo(String.join("", texts));
            assertThat(marked).doesNotContain(SPECIAL);
        }
    }

    @Test
    void refusesASpecialTokenThatNoMarkCanInterrupt() {
        assertThatThrownBy(() -> new SpecialTokenGuard(List.of("§")))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("§");
    }
}
