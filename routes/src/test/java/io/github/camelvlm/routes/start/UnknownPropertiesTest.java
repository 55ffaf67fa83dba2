package io.github.camelvlm.routes.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownPropertiesTest {
    private final UnknownProperties unknown = new UnknownProperties();

    @ParameterizedTest
    @CsvSource({
        "vlm.promt, vlm.prompt",
        "vlm.maxTokens, vlm.max-tokens",
        "vlm.max_tokens, vlm.max-tokens",
        "VLM.MODEL, vlm.model",
        "vlm.port, api.port",
        "vlm.max-pixel, vlm.max-pixels",
        "s3.buckets, s3.bucket",
        "queue.request, queue.requests",
        "folder.inbox, vlm.inbox"
    })
    void namesTheNearestProperty(String name, String nearest) {
        assertThat(unknown.warnings(List.of(name), List.of()))
                .containsExactly(
                        "The property " + name + " is unknown and does nothing: the nearest known one is " + nearest);
    }

    @ParameterizedTest
    @CsvSource({
        "VLM_MODLE, VLM_MODEL",
        "vlm_model, VLM_MODEL",
        "API_MAXIMAGES, API_MAX_IMAGES",
        "S3_BUCKT, S3_BUCKET",
        "QUEUE_URI, QUEUE_URL",
        "FOLDER_INBOX, VLM_INBOX"
    })
    void namesTheNearestVariable(String name, String nearest) {
        assertThat(unknown.warnings(List.of(), List.of(name)))
                .containsExactly("The environment variable " + name
                        + " is unknown and does nothing: the nearest known one is " + nearest);
    }

    @Test
    void namesNoPropertyThatIsSpeltQuiteDifferently() {
        assertThat(unknown.warnings(List.of("vlm.xylophones"), List.of()))
                .containsExactly("The property vlm.xylophones is unknown and does nothing: remove it, or see java -jar"
                        + " camel-vlm.jar config for those that are known");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vlm.model", "vlm.min-pixels", "camel.main.name", "java.home", "vlmodel", "apiary.port"})
    void saysNothingOfWhatIsKnownOrOfOthers(String name) {
        assertThat(unknown.warnings(List.of(name), List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "VLM_MODEL",
                "VLM_MAX_PIXELS",
                "VLM.MAX-TOKENS",
                "API_KEY_FILE",
                "VLM_SERVICE_HOST",
                "VLM_SERVICE_PORT_HTTP",
                "QUEUE_PORT_61616_TCP_ADDR",
                "PATH"
            })
    void saysNothingOfVariablesThatAreKnownOrComeFromKubernetes(String name) {
        assertThat(unknown.warnings(List.of(), List.of(name))).isEmpty();
    }
}
