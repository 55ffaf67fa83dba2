package io.github.camelvlm.routes.start;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PropertyInForceTest {
    @ParameterizedTest
    @CsvSource({
        "api.key, 'one,two', ******",
        "api.key, '', ''",
        "vlm.api-key, abc, ******",
        "queue.password, abc, ******",
        "camel.ssl.keystorePassword, abc, ******",
        "queue.url, tcp://me:word@host:61616?sslEnabled=true&keyStorePassword=word, tcp://******@host:61616?sslEnabled=true&keyStorePassword=******",
        "vlm.base-url, 'http://a:b@one/v1,http://two/v1', 'http://******@one/v1,http://two/v1'"
    })
    void masksSecrets(String name, String value, String shown) {
        assertThat(new PropertyInForce(name, value, "default").shown()).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"vlm.max-tokens, 60", "api.key-file, keys.txt", "vlm.prompt, What is at me@home?"})
    void showsEverythingElse(String name, String value) {
        assertThat(new PropertyInForce(name, value, "default").shown()).isEqualTo(value);
    }
}
