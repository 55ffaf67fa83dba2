package io.github.camelvlm.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteOptionsTest {

    @Test
    void readsSeveralBaseUrls() {
        assertThat(RemoteOptions.servers(
                        " http://gpu1:8000/v1/ ,https://gpu2, http://[::1]:8000/api/v1,http://gpu1:8000"))
                .containsExactly(
                        URI.create("http://gpu1:8000/v1"),
                        URI.create("https://gpu2/v1"),
                        URI.create("http://[::1]:8000/api/v1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpu1:8000",
                "ftp://gpu1/v1",
                "http:///v1",
                "http://u:secret@gpu1/v1",
                "http://gpu1/v1?x=1",
                "http://a b"
            })
    void refusesWhatIsNoBaseUrlWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> RemoteOptions.servers("http://gpu1," + url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http://gpu1:8000/v1")
                .hasMessageNotContaining("secret");
    }

    @Test
    void needsAServer() {
        assertThatThrownBy(() -> new RemoteOptions(RemoteOptions.servers(" , "), null, null, Duration.ZERO, 8, 64))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("baseUrl names no server");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 64, 'maxSequences must be at least 1, but is 0'",
        "8, -1, 'queueLength must be at least 0, but is -1'"
    })
    void refusesFewerThanOneAnswer(int maxSequences, int queueLength, String message) {
        List<URI> servers = List.of(URI.create("http://gpu1/v1"));

        assertThatThrownBy(() -> new RemoteOptions(servers, null, "m", Duration.ZERO, maxSequences, queueLength))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void doesNotPrintTheKey() {
        assertThat(new RemoteOptions(List.of(URI.create("http://gpu1/v1")), "secret", "m", Duration.ZERO, 8, 64))
                .hasToString("[http://gpu1/v1] for model m with a key");
    }
}
