package io.github.camelvlm.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.grammar.Grammar;
import io.github.camelvlm.grammar.GrammarTooLargeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {
    private static Grammar grammar(String pattern) {
        return AnswerGrammars.of(new AnswerFormat.Regex("regex", pattern));
    }

    private static boolean matches(String pattern, String text) {
        return new Recognizer(grammar(pattern)).matches(text);
    }

    /** The pairs are from Python's {@code re.fullmatch}. */
    @Test
    void matchesWhatPythonMatches() throws IOException {
        try (InputStream stream = RegexTest.class.getResourceAsStream("/schemas/regex.json")) {
            for (JsonNode one : new ObjectMapper().readTree(stream)) {
                String pattern = one.get("pattern").textValue();
                if (one.get("matches").isEmpty()) {
                    // Of some nothing matches, and that is a refusal.
                    continue;
                }
                Recognizer recognizer = new Recognizer(grammar(pattern));
                one.get("matches")
                        .forEach(text -> assertThat(recognizer.matches(text.textValue()))
                                .as("%s matches %s", pattern, text)
                                .isTrue());
                one.get("others")
                        .forEach(text -> assertThat(recognizer.matches(text.textValue()))
                                .as("%s does not match %s", pattern, text)
                                .isFalse());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a(?=b);a look-ahead at position 1",
                "a(?!b);a look-ahead at position 1",
                "(?<=a)b;a look-behind at position 0",
                "(a)\\1;a back-reference at position 3",
                "(?P<n>a)(?P=n);a back-reference at position 8",
                "(?>a);an atomic group at position 0",
                "a++;a possessive repetition at position 2",
                "(a)?(?(1)b);a conditional group at position 4",
                "(?i)a;flags at position 0",
                "\\bword;a word boundary at position 0",
                "a{2000000};a repetition of more than 1000000 times at position 1",
            })
    void namesWhatIsNotSupportedAndWhere(String pattern, String construct) {
        assertThatThrownBy(() -> grammar(pattern))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("regex has " + construct + ", which is not supported")
                .extracting("code")
                .isEqualTo("unsupported_value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", ")", "[a", "*a", "a**", "[b-a]", "\\", "(?P<>a)", "a{3,2}", "\\xg1", "(?"})
    void refusesWhatIsNoRegularExpression(String pattern) {
        assertThatThrownBy(() -> grammar(pattern))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("regex is no regular expression");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a^b", "$a", "(a$)b"})
    void refusesWhatNoTextMatches(String pattern) {
        assertThatThrownBy(() -> grammar(pattern)).hasMessage("regex is a regular expression that no text matches");
    }

    @Test
    void hostileExpressionsAreRefusedOrReadInBoundedTime() {
        for (String pattern : List.of(
                "(".repeat(5000) + ")".repeat(5000),
                "((a{1,1000}){1,1000}){1,1000}$^",
                "(a|b)*a(a|b){25}(^|c)",
                "(x+x+)+y",
                "a".repeat(20_000),
                "^".repeat(9000) + "((^|a)*){900}",
                "[" + "a-".repeat(5000))) {
            long start = System.nanoTime();
            try {
                matches(pattern, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
            } catch (InvalidRequestException | GrammarTooLargeException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
            assertThat(System.nanoTime() - start).as(pattern.substring(0, 8)).isLessThan(10_000_000_000L);
        }
    }

    @Test
    void aChoiceIsOneOfItsTexts() {
        Recognizer recognizer =
                new Recognizer(AnswerGrammars.of(new AnswerFormat.Choice("choice", List.of("a.c", "a", "漢"))));

        assertThat(List.of("a.c", "a", "漢")).allMatch(recognizer::matches);
        assertThat(List.of("abc", "", "a.")).noneMatch(recognizer::matches);
    }
}
