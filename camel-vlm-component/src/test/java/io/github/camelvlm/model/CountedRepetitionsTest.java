package io.github.camelvlm.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ModelLoadException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountedRepetitionsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"(?:){2000000000}", "(?:(?:){2000}){1,2000}", "(?x)(?:){ 2000000000 , }", "((){99999}){99999}"})
    void refusesThoseThatMultiply(String expression) {
        assertThatThrownBy(() -> CountedRepetitions.requireFew(expression, "f"))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageStartingWith("f has a regular expression that repeats too often");
    }

    @ParameterizedTest
    @ValueSource(strings = {".*\\.layers\\.\\d{1,3}\\.(q|k)_proj", "a{2}b{3}", "\\{", "x{0}", "\\p{L}{2}"})
    void leavesSensibleOnes(String expression) {
        assertThatCode(() -> CountedRepetitions.requireFew(expression, "f")).doesNotThrowAnyException();
    }
}
