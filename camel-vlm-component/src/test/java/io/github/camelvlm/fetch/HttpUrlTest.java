package io.github.camelvlm.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpUrlTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://example.org | http://example.org/",
                "HTTPS://Example.ORG.:8443/Cat.png?a=B#c | https://example.org:8443/Cat.png?a=B",
                "http://example.org?x | http://example.org/?x",
                "http://my_bucket.example.org/a | http://my_bucket.example.org/a",
                "http://bücher.example/ä b.png | http://xn--bcher-kva.example/%C3%A4%20b.png",
                "http://127。0。0。1/ | http://127.0.0.1/",
                "http://example.org/a%20b%zz[1].png?q={} | http://example.org/a%20b%25zz%5B1%5D.png?q=%7B%7D",
                "http://[::FFFF:127.0.0.1]:80/ | http://[::ffff:127.0.0.1]:80/",
                "http://example.org:/ | http://example.org/",
                "http://example.org/@me/cat.png | http://example.org/@me/cat.png",
            })
    void readsUrlsAsBrowsersDo(String written, String read) {
        assertThat(HttpUrl.parse(written).uri()).hasToString(read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http:/example.org/ | has a malformed URL",
                "http:///cat.png | without a valid host",
                "http://example.org@127.0.0.1/ | has a user name",
                "http://example.org\\@127.0.0.1/ | has a user name",
                "http://example.org\\.evil.test/ | without a valid host",
                "http://[fe80::1%25eth0]/ | without a valid host",
                "http://[fe80::1%eth0]/ | without a valid host",
                "http://[127.0.0.1]/ | without a valid host",
                "http://::1/ | without a valid host",
                "http://%31%32%37.0.0.1/ | without a valid host",
                "http://a..b/ | without a valid host",
                "http://exa mple.org/ | without a valid host",
                "http://example.org:99999/ | has port 99999",
                "http://example.org:0/ | has port 0",
                "http://example.org:-1/ | without a valid host",
            })
    void refusesWhatMayBeReadInTwoWays(String written, String words) {
        assertThatThrownBy(() -> HttpUrl.parse(written))
                .isInstanceOfSatisfying(
                        PictureSourceException.class,
                        e -> assertThat(e.reason()).isEqualTo(PictureSourceException.Reason.MALFORMED))
                .hasMessageContaining(words);
    }

    @Test
    void refusesLineBreaksAndEndlessUrls() {
        assertThatThrownBy(() -> HttpUrl.parse("http://example.org/a\r\nHost: b"))
                .hasMessage("picture http://example.org/a??Host: b has a malformed URL: write"
                        + " https://example.org/cat.png");
        assertThatThrownBy(() -> HttpUrl.parse("http://example.org/" + "a".repeat(9000)))
                .satisfies(e ->
                        assertThat(e.getMessage()).contains("more than 8192").hasSizeLessThan(320));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "b.png | https://my_host.test:8443/a/b.png",
                "/b c.png?z=%41 | https://my_host.test:8443/b%20c.png?z=%41",
                "../b.png#x | https://my_host.test:8443/b.png",
                "?z | https://my_host.test:8443/a/cat.png?z",
                "//other.test/b | https://other.test/b",
                "HTTP://other.test/b | http://other.test/b",
            })
    void followsAllKindsOfReferences(String location, String target) {
        assertThat(HttpUrl.parse("https://my_host.test:8443/a/cat.png?q")
                        .resolve(location)
                        .uri())
                .hasToString(target);
    }

    @Test
    void showsNoSecrets() {
        assertThat(HttpUrl.parse("https://example.org/cat.png?key=secret#secret"))
                .hasToString("https://example.org/cat.png");
        assertThatThrownBy(() -> HttpUrl.parse("https://me:secret/@example.org/cat.png?key=secret"))
                .hasMessageContaining("picture https://…@example.org/cat.png has")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> HttpUrl.parse("https://me:secret@example.org/?key=secret"))
                .hasMessageContaining("picture https://…@example.org/ has")
                .hasMessageNotContaining("secret");
    }
}
