package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an endpoint tells of its options where it is printed. */
class ShownOptionsTest {
    private final CamelContext context = new DefaultCamelContext();

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    private String shown(String options) {
        return context.getEndpoint("vlm:describe?lazyStart=true&" + options).toString();
    }

    static Iterable<String> options() {
        return new VlmEndpointUriFactory()
                .propertyNames().stream()
                        .filter(name -> !name.equals("operation"))
                        .toList();
    }

    @ParameterizedTest
    @MethodSource("options")
    void hidesSecretsAndNothingElse(String option) {
        VlmEndpoint endpoint = new VlmEndpoint(
                "vlm://describe?model=m&" + option + "=shown-1&temperature=0",
                context.getComponent("vlm", VlmComponent.class),
                VlmOperation.describe,
                new VlmConfiguration());
        boolean isSecret = Set.of("apiKey", "documentPassword").contains(option);

        assertThat(endpoint)
                .hasToString("vlm://describe?model=m&" + option + "=" + (isSecret ? "xxxxxx" : "shown-1")
                        + "&temperature=0");
    }

    @Test
    void showsOptionsWhoseNamesOnlySoundSecret() {
        assertThat(shown("maxTokens=60&userMessage=What is this?"))
                .contains("maxTokens=60")
                .contains("userMessage=What");
    }

    @Test
    void hidesAKeyHoweverItIsWritten() {
        assertThat(shown("apiKey=secret-1&maxTokens=60"))
                .doesNotContain("secret-1")
                .contains("maxTokens=60");
        assertThat(shown("maxTokens=60&apiKey=RAW(a&secret-2)")).doesNotContain("secret-2");
        assertThat(shown("maxTokens=60&apiKey=RAW{a-secret-3}&seed=1")).doesNotContain("secret-3");
        assertThat(shown("maxTokens=60&apiKey=RAW(a)b&secret-4)&seed=1"))
                .doesNotContain("secret-4")
                .contains("seed=1");
    }
}
