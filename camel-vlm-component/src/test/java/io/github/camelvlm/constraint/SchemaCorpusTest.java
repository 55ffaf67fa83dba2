package io.github.camelvlm.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.grammar.Grammar;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaCorpusTest {
    private static final int TEXTS = 200;
    private static final int LENGTH = 300;

    record Case(String name, JsonNode json) {
        String schema() {
            return json.get("schema").toString();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> served() {
        return cases("corpus.json", "name");
    }

    static Stream<Case> refused() {
        return cases("refused.json", "names");
    }

    private static Stream<Case> cases(String file, String name) {
        try (InputStream stream = SchemaCorpusTest.class.getResourceAsStream("/schemas/" + file)) {
            List<Case> cases = new ArrayList<>();
            new ObjectMapper()
                    .readTree(stream)
                    .forEach(one -> cases.add(new Case(one.get(name).asText(), one)));
            return cases.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Grammar grammar(Case one) {
        return AnswerGrammars.of(new AnswerFormat.Json("schema", one.schema()));
    }

    @ParameterizedTest
    @MethodSource("served")
    void readsTheValidTextsAndNoOthers(Case one) {
        Recognizer recognizer = new Recognizer(grammar(one));

        one.json
                .get("valid")
                .forEach(text -> assertThat(recognizer.matches(text.textValue()))
                        .as("valid: %s", text)
                        .isTrue());
        one.json
                .get("invalid")
                .forEach(text -> assertThat(recognizer.matches(text.textValue()))
                        .as("invalid: %s", text)
                        .isFalse());
    }

    @ParameterizedTest
    @MethodSource("served")
    void describesOnlyTextsThatAValidatorFindsValid(Case one) {
        RandomTexts texts = new RandomTexts(grammar(one), 14);
        Recognizer recognizer = new Recognizer(grammar(one));
        JsonSchema validator = Validation.schema(one.schema());

        for (int i = 0; i < TEXTS; i++) {
            String text = texts.next(i * LENGTH / TEXTS);
            assertThat(Validation.problems(validator, text)).as(text).isEmpty();
            assertThat(recognizer.matches(text)).as(text).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void namesThePathOfWhatIsNotServed(Case one) {
        assertThatThrownBy(() -> grammar(one))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        refusal -> assertThat(refusal.field())
                                .startsWith("schema.")
                                .endsWith("." + one.name));
    }
}
