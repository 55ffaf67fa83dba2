package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.camelvlm.chat.TokenLogprob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FieldConfidenceTest {
    /** Tokens of some texts and, after each, its probability in percent. */
    private static List<TokenLogprob> tokens(Object... told) {
        List<TokenLogprob> tokens = new ArrayList<>();
        for (int i = 0; i < told.length; i += 2) {
            byte[] bytes = told[i] instanceof byte[] part ? part : ((String) told[i]).getBytes(StandardCharsets.UTF_8);
            tokens.add(new TokenLogprob(i, bytes, Math.log((int) told[i + 1] / 100.0), List.of()));
        }
        return tokens;
    }

    private static void requireFields(Map<String, Double> fields, Object... told) {
        assertThat(fields.keySet())
                .containsExactly(
                        Arrays.stream(told).filter(String.class::isInstance).toArray(String[]::new));
        for (int i = 0; i < told.length; i += 2) {
            assertThat(fields.get((String) told[i]))
                    .as((String) told[i])
                    .isCloseTo((int) told[i + 1] / 100.0, within(1e-9));
        }
    }

    @Test
    void takesTheLeastProbabilityOfTheTokensThatAValueIsWrittenWith() {
        requireFields(
                FieldConfidence.of(tokens(
                        "{\"total",
                        1,
                        "\": ",
                        2,
                        "12",
                        90,
                        ".5",
                        70,
                        ", \"",
                        3,
                        "name",
                        4,
                        "\":",
                        5,
                        " \"Jo",
                        80,
                        "hn",
                        60,
                        "\"",
                        95,
                        "}",
                        6,
                        "<|im_end|>",
                        7)),
                "/total",
                70,
                "/name",
                60);
    }

    @Test
    void namesValuesInObjectsAndListsByTheirPlace() {
        requireFields(
                FieldConfidence.of(tokens(
                        "{\"items\":[{\"price\":",
                        1,
                        "1",
                        50,
                        "},{\"price\":",
                        2,
                        "2",
                        40,
                        "}],\"paid\":",
                        3,
                        "true",
                        30,
                        ",\"a/b\":",
                        4,
                        "null",
                        20,
                        "}",
                        5)),
                "/items/0/price",
                50,
                "/items/1/price",
                40,
                "/paid",
                30,
                "/a~1b",
                20);
    }

    @Test
    void countsATokenForEachValueThatItIsAPartOf() {
        requireFields(FieldConfidence.of(tokens("[1", 90, "2,3", 50, "4]", 80)), "/0", 50, "/1", 50);
    }

    @Test
    void readsCharactersOfSeveralTokensAndEscapes() {
        byte[] face = "🙂".getBytes(StandardCharsets.UTF_8);

        requireFields(
                FieldConfidence.of(tokens(
                        "{\"é\":\"",
                        99,
                        "ü\\n",
                        90,
                        Arrays.copyOf(face, 2),
                        40,
                        Arrays.copyOfRange(face, 2, 4),
                        70,
                        "\"",
                        95,
                        ",\"b\":",
                        10,
                        "7",
                        60,
                        "}",
                        99)),
                "/é",
                40,
                "/b",
                60);
    }

    @Test
    void tellsOfASingleValueByTheEmptyPointer() {
        assertThat(FieldConfidence.of(tokens("42", 50)).entrySet())
                .hasSize(1)
                .allMatch(field -> field.getKey().isEmpty());
    }

    @Test
    void tellsWhatIsWholeOfACutAnswerAndNothingOfWords() {
        requireFields(FieldConfidence.of(tokens("{\"a\":", 1, "1", 50, ",\"b\":\"", 2, "cu", 40)), "/a", 50);
        assertThat(FieldConfidence.of(tokens("Two stars.", 50))).isEmpty();
        assertThat(FieldConfidence.of(List.of())).isEmpty();
    }

    @Test
    void tellsNothingOfWhatIsWrittenInAnotherEncoding() {
        for (byte[] start :
                List.of(new byte[] {0, '[', 0, '1'}, new byte[] {'[', 0, '1', 0}, new byte[] {-2, -1, 0, '1'})) {
            assertThat(FieldConfidence.of(tokens(start, 50, new byte[] {0, ']'}, 50)))
                    .isEmpty();
        }
    }
}
