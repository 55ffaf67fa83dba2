package io.github.camelvlm.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PicturePolicyTest {

    @ParameterizedTest
    @CsvSource({
        "Images.Example.ORG, images.example.org, true",
        "images.example.org., images.example.org, true",
        "images.example.org, other.example.org, false",
        "images.example.org, a.images.example.org, false",
        "images.example.org, images.example.org.evil.test, false",
        "*.example.org, a.example.org, true",
        "*.example.org, a.b.example.org, true",
        "*.example.org, example.org, false",
        "*.example.org, evilexample.org, false",
        "bücher.example, xn--bcher-kva.example, true",
        "[::1], ::1, true",
        "10.0.0.1, 10.0.0.1, true",
    })
    void allowsTheHostsOfItsList(String rule, String host, boolean allowed) {
        PicturePolicy policy = PicturePolicy.DEFAULT.withAllowedHosts(List.of("first.test", rule));
        assertThat(policy.allowsHost(host)).isEqualTo(allowed);
    }

    @Test
    void allowsAnyHostWithoutAList() {
        assertThat(PicturePolicy.DEFAULT.allowsHost("anything.test")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "*.", "https://example.org", "a b", "*.*.org", "me@example.org"})
    void refusesAListWithWhatIsNoHost(String rule) {
        assertThatThrownBy(() -> PicturePolicy.DEFAULT.withAllowedHosts(List.of(rule)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowedHosts has the entry \"" + rule + "\"");
    }

    @Test
    void refusesNumbersOutOfRange() {
        assertThatThrownBy(() -> PicturePolicy.DEFAULT.withMaxImageBytes(0))
                .hasMessage("maxImageBytes must be at least 1, but is 0");
        assertThatThrownBy(() -> PicturePolicy.DEFAULT.withMaxRedirects(-1))
                .hasMessage("maxRedirects must be at least 0, but is -1");
        assertThatThrownBy(() -> PicturePolicy.DEFAULT.withTimeouts(Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessage("connectTimeout in milliseconds must be at least 1, but is 0");
        assertThatThrownBy(() -> PicturePolicy.DEFAULT.withTimeouts(Duration.ofSeconds(1), Duration.ZERO))
                .hasMessage("fetchTimeout in milliseconds must be at least 1, but is 0");
    }
}
