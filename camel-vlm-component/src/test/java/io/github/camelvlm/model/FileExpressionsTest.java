package io.github.camelvlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ModelLoadException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FileExpressionsTest {
    private static final Path FILE = Path.of("f.json");
    private static final int LAYERS = 80;

    private final FileExpressions expressions = new FileExpressions(FILE);

    @Test
    void matchesWholeNamesOrTheirBeginnings() {
        FileExpressions.Expression expression = expressions.of("field", "model[.]layers");

        assertThat(expression.matches("model.layers")).isTrue();
        assertThat(expression.matches("model.layers.1")).isFalse();
        assertThat(expression.begins("model.layers.1")).isTrue();
        assertThat(expression.begins("visual.model.layers")).isFalse();
    }

    /** Each by itself is harmless: it is their number that takes for ever. */
    @Test
    @Timeout(20)
    void countsWhatAllExpressionsOfAFileLookAt() {
        String name = "model.language_model.layers.0.self_attn.q_proj".repeat(20);
        FileExpressions.Expression harmless = expressions.of("rank_pattern", "(?:.*\\.)?(?:some_.*other_.*proj)");

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10_000_000; i++) {
                        harmless.matches(name);
                    }
                })
                .isInstanceOf(ModelLoadException.class)
                .hasMessageStartingWith("f.json: rank_pattern takes for ever on the name model.language_model");
    }

    @Test
    void servesOneForEachMatrixOfTheLargestModel() {
        String[] matrices = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"};
        int matches = 0;
        for (int i = 0; i < LAYERS; i++) {
            for (String matrix : matrices) {
                String own = "model.language_model.layers." + i + ".self_attn." + matrix;
                FileExpressions.Expression rank = expressions.of("rank_pattern", "(?:.*\\.)?(?:" + own + ")");
                FileExpressions.Expression alpha = expressions.of("alpha_pattern", "(?:.*\\.)?(?:" + own + ")");
                for (int j = 0; j < LAYERS; j++) {
                    for (String other : matrices) {
                        String name = "model.language_model.layers." + j + ".self_attn." + other;
                        matches += rank.matches(name) && alpha.matches(name) ? 1 : 0;
                    }
                }
            }
        }
        assertThat(matches).isEqualTo(LAYERS * matrices.length);
    }

    @Test
    void refusesGroupsInGroupsWithoutEnd() {
        assertThatThrownBy(() -> expressions.of("field", "(".repeat(400_000)))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageStartingWith("f.json: field is no regular expression: ");
    }

    @Test
    void refusesOneThatTakesTooMuchMemory() {
        FileExpressions.Expression expression = expressions.of("field", "(?:a|b)*");

        assertThatThrownBy(() -> expression.matches("ab".repeat(1_000_000)))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageStartingWith(
                        "f.json: field has a regular expression that takes too much memory on the name" + " abab");
    }
}
