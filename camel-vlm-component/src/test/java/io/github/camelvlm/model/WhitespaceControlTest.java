package io.github.camelvlm.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected texts are what jinja2 3 renders with trim_blocks and lstrip_blocks. */
@Timeout(30)
class WhitespaceControlTest {
    private static final Map<String, Object> VALUES = Map.of("xs", List.of("p", "q"), "s", "v");

    private static String render(String source) throws TemplateException {
        return new JinjaTemplate(source).render(VALUES).replace("\n", "|");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '`',
            value = {
                "{% for x in xs %}|    {{- x }}|{% endfor %}~p|q|",
                "{%- for x in xs %}|    {{- x }}|{%- endfor %}~pq",
                "{% if s %}|    {{- s -}}|  end{% endif %}~vend",
                "a|  {%- if s -%}|  b|  {%- endif %}| c~ab c",
                "a|  {# n #}|b~a|b",
                "a|  {#- n -#}|b~ab",
                "a  {{- '-}} {%- x' -}}  b~a-}} {%- xb",
                "a  {{ s }}  b~a  v  b",
                "{{ 3 -}} |{{- 2 }}~32",
                "{%- if s %}x{% endif -%}|   y|~xy",
                "a {%- raw %} {{- s -}}{% endraw %} b~a {{- s -}} b",
            })
    void rendersAsJinja(String source, String expected) throws TemplateException {
        assertThat(render(source.replace("|", "\n"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{- 'a", "{%-", "{#- a", "{", "a {{", "{%- raw %} {{- ", "{{-}}", "{%-%}"})
    void leavesAsItIsWhatIsNotClosed(String source) {
        assertThat(WhitespaceControl.apply(source)).hasSizeLessThanOrEqualTo(source.length());
    }

    @Test
    void takesNoLongerThanTheSourceIs() {
        assertThat(WhitespaceControl.apply("{{- ".repeat(16_000))).isNotEmpty();
        assertThat(WhitespaceControl.apply("{% raw %}".repeat(7_000))).isNotEmpty();
    }
}
