package io.github.camelvlm.routes.start;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PropertyCheckTest {
    private final Properties properties = new Properties();

    @BeforeEach
    void readTheDefaults() throws IOException {
        try (InputStream in = PropertyCheckTest.class.getResourceAsStream("/application.properties")) {
            properties.load(in);
        }
        Map.of("vlm.at-once", "8", "s3.consumers", "8", "queue.consumers", "8").forEach(properties::setProperty);
    }

    @Test
    void takesAllDefaults() {
        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "vlm.folder, TRUE",
        "vlm.threads, 3",
        "vlm.max-pause, 250",
        "vlm.max-pause, 1s",
        "api.time-limit, 0",
        "api.time-limit, 1h30m",
        "s3.delay, 500ms",
        "api.host, 127.0.0.1"
    })
    void takesWhatHasTheFormOfTheDefault(String name, String value) {
        properties.setProperty(name, value);

        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "vlm.folder, maybe, write true or false",
        "vlm.pack-weights, yes, write true or false",
        "vlm.prompt, '', 'write a question, or leave it out'",
        "vlm.threads, two, 'write a whole number'",
        "vlm.kv-cache-bytes, 4GB, 'write a whole number'",
        "vlm.max-image-bytes, 20mb, 'write a whole number, such as 104857600'",
        "vlm.at-once, all, 'write a whole number, such as 8'",
        "api.port, '', 'write a whole number, such as 8000'",
        "api.time-limit, forever, 'write a time, such as 2s or 500ms'",
        "api.time-limit, 10min, 'write a time, such as 2s or 500ms'",
        "vlm.retry-timeout, 0.5s, 'write a time, such as 2s or 500ms'",
        "s3.claim-time, '', 'write a time, such as 2s or 500ms'"
    })
    void refusesAnotherForm(String name, String value, String mend) {
        properties.setProperty(name, value);

        assertThatThrownBy(this::check)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(name + " is \"" + value + "\": " + mend);
    }

    @ParameterizedTest
    @CsvSource({
        "vlm.max-tokens, 0, 1 to 2147483647",
        "vlm.max-sequences, 0, 1 to 2147483647",
        "api.port, 99999, 0 to 65535",
        "api.port, 99999999999999999999, 0 to 65535",
        "api.max-body, -1, 0 to 2147483647",
        "api.keep-alive-millis, 0, 1 to 2147483647",
        "api.patience-millis, -1, 1 to 2147483647",
        "api.max-requests, 0, 1 to 10000"
    })
    void refusesWhatIsOutOfRange(String name, String value, String range) {
        properties.setProperty(name, value);

        assertThatThrownBy(this::check).hasMessage(name + " is " + value + ": write a number from " + range);
    }

    @Test
    void refusesRequestsThatWouldTakeAllThreads() {
        properties.setProperty("api.max-requests", "100");

        assertThatThrownBy(this::check)
                .hasMessage("api.threads is 100, too few for api.max-requests, which is 100: raise API_THREADS above"
                        + " that, or lower API_MAX_REQUESTS");
    }

    private void check() {
        new PropertyCheck().require(properties::getProperty);
    }
}
