package io.github.camelvlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ModelLoadException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates that would run on. */
@Timeout(60)
class JinjaTemplateTest {
    private static String render(String source) throws TemplateException {
        return new JinjaTemplate(source, Duration.ofMillis(300)).render(Map.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(1000) %}{% endfor %}{% endfor %}"
                        + "{% endfor %}",
                "{% for a in range(1000) %}{% for b in range(1000) %}{% set x = a * b %}{% endfor %}{% endfor %}",
                "{% macro f() %}{% for a in range(1000) %}{% if a %}{% endif %}{% endfor %}{% endmacro %}"
                        + "{% for b in range(1000) %}{% for c in range(1000) %}{{ f() }}{% endfor %}{% endfor %}"
            })
    void givesUpARenderingThatTakesTooLong(String source) {
        assertThatThrownBy(() -> render(source))
                .isInstanceOf(TemplateException.class)
                .hasMessage("it takes longer than 300 ms");
    }

    static Stream<String> deep() {
        return Stream.of(
                "{{ " + "(".repeat(20_000) + "1" + ")".repeat(20_000) + " }}",
                "{{ " + "[".repeat(20_000) + "1" + "]".repeat(20_000) + " }}",
                "{{ " + "{'a':".repeat(10_000) + "1" + "}".repeat(10_000) + " }}",
                "{{ " + "([".repeat(10_000));
    }

    @ParameterizedTest
    @MethodSource("deep")
    void refusesBracketsThatAreNestedDeeply(String source) {
        assertThatThrownBy(() -> new JinjaTemplate(source))
                .isInstanceOf(ModelLoadException.class)
                .hasMessage("The chat template has brackets in brackets, more than 100 deep: use the template that was"
                        + " published with the model");
    }

    static Stream<String> growing() {
        return Stream.of(
                "{{ " + "not ".repeat(15_000) + "1 }}",
                "{{ 1" + "**1".repeat(15_000) + " }}",
                "{{ 'a'" + "|trim".repeat(10_000) + " }}",
                "{{ a" + ".a".repeat(20_000) + " }}",
                "{% if 1 %}".repeat(3000) + "{% endif %}".repeat(3000),
                "{% set x = 'aaaaaaaaaa' %}" + "{% set x = x ~ x ~ x ~ x ~ x ~ x ~ x %}".repeat(30) + "{{ x }}",
                "{% set x = 'aaaaaaaaaa' %}" + "{% set x = x + x + x + x + x + x + x %}".repeat(30) + "{{ x }}",
                "{% set x = [1, 2, 3] %}" + "{% set x = x + x + x + x + x + x + x %}".repeat(30) + "{{ x }}");
    }

    @ParameterizedTest
    @MethodSource("growing")
    void failsOnExpressionsThatGrowWithoutEnd(String source) {
        assertThatThrownBy(() -> render(source)).isInstanceOf(TemplateException.class);
    }

    @Test
    void rendersTheBracketsOfAnyRealTemplate() throws TemplateException {
        assertThat(render("{{ ((([1, [2, 3], {'a': {'b': [4]} }])))[2]['a']['b'][0] }}" + " (".repeat(90)))
                .isEqualTo("4" + " (".repeat(90));
    }
}
