package io.github.camelvlm.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.grammar.Grammar;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HostileSchemaTest {
    private static Grammar grammar(String schema) {
        return AnswerGrammars.of(new AnswerFormat.Json("schema", schema));
    }

    private static String list(int count, IntFunction<String> one) {
        return IntStream.range(0, count).mapToObj(one).collect(Collectors.joining(","));
    }

    private static String nested(int depth, String before, String after) {
        return before.repeat(depth) + "{}" + after.repeat(depth);
    }

    static Stream<String> refused() {
        return Stream.of(
                "{\"description\":\"" + "x".repeat(10_000_000) + "\"}",
                nested(10_000, "{\"items\":", "}"),
                nested(10_000, "{\"allOf\":[", "]}"),
                "{\"enum\":[" + list(100_000, i -> "" + i) + "]}",
                "{\"properties\":{" + list(100_000, i -> "\"" + i + "\":{}") + "}}",
                "{\"anyOf\":[" + list(100_000, i -> "{}") + "]}",
                "{\"allOf\":["
                        + list(
                                20,
                                i -> "{\"anyOf\":[{\"minimum\":" + i + "},{\"maximum\":" + i + "},{\"minLength\":1}]}")
                        + "]}",
                "{\"type\":\"string\",\"minLength\":1000000000}",
                "{\"type\":\"string\",\"pattern\":\"(a|b)*a(a|b){20}\",\"minLength\":3}",
                "{\"type\":\"string\",\"pattern\":\"^((a{1,1000}){1,1000}){1,1000}$\",\"minLength\":3}",
                "{\"type\":\"string\",\"pattern\":\"" + "(".repeat(5000) + ")".repeat(5000) + "\"}",
                "{\"type\":\"number\",\"minimum\":1e999999999}",
                "{\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}},\"$ref\":\"#/$defs/a\"}",
                "{\"$defs\":{"
                        + list(
                                30,
                                i -> "\"" + i + "\":{\"allOf\":[{\"$ref\":\"#/$defs/" + (i + 1)
                                        + "\"},{\"$ref\":\"#/$defs/" + (i + 1) + "\"}]}")
                        + ",\"30\":{\"type\":\"integer\"}},\"$ref\":\"#/$defs/0\"}");
    }

    @ParameterizedTest
    @MethodSource("refused")
    void areRefusedSoon(String schema) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> grammar(schema))
                .isInstanceOf(InvalidRequestException.class)
                .extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING)
                .startsWith("schema")
                .hasSizeLessThan(500);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void whatNoAnswerReachesIsNoBound() {
        Recognizer recognizer =
                new Recognizer(grammar("{\"type\":\"array\",\"items\":{\"type\":\"string\",\"maxLength\":1000000000},"
                        + "\"maxItems\":1000000000}"));

        assertThat(recognizer.matches("[\"a\",\"bc\"]")).isTrue();
    }

    @Test
    void manyPropertiesAndValuesAreServed() {
        Recognizer recognizer = new Recognizer(grammar("{\"type\":\"object\",\"properties\":{"
                + list(200, i -> "\"field_" + i + "\":{\"enum\":[" + list(20, j -> "\"value " + j + "\"") + "]}")
                + "}}"));

        assertThat(recognizer.matches("{\"field_7\":\"value 3\",\"field_199\":\"value 19\",\"field_\":1}"))
                .isTrue();
        assertThat(recognizer.matches("{\"field_7\":\"value 20\"}")).isFalse();
        assertThat(recognizer.matches("{\"field_199\":\"value 1\",\"field_7\":\"value 3\"}"))
                .isFalse();
    }
}
