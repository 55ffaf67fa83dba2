package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ModelLoadException;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteEndpointTest extends VlmTestSupport {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "engine=remote                            | engine=remote needs servers: add baseUrl=",
                "engine=auto                              | engine=auto needs servers: add baseUrl=",
                "engine=remote&baseUrl=gpu1               | baseUrl must be http or https URLs",
                "engine=remote&baseUrl=RAW(http://a:b@c)  | baseUrl must be http or https URLs",
                "engine=cloud                             | engine must be local, remote or auto, but is cloud"
            })
    void doesNotStartWithoutServersThatItCanAsk(String options, String message) {
        assertThatThrownBy(() -> describeWith(options))
                .hasRootCauseInstanceOf(Throwable.class)
                .rootCause()
                .satisfiesAnyOf(
                        cause -> assertThat(cause).isInstanceOf(ModelLoadException.class),
                        cause -> assertThat(cause).isInstanceOf(IllegalArgumentException.class))
                .hasMessageContaining(message.strip());
    }

    private void describeWith(String options) throws Exception {
        context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:" + options.hashCode()).to("vlm:describe?" + options + "&" + MODEL);
            }
        });
    }

    @Test
    void hidesTheKeyInWhatItPrints() {
        assertThat(context()
                        .getEndpoint("vlm:describe?lazyStart=true&engine=remote&baseUrl=http://gpu1&apiKey=secret-key")
                        .toString())
                .doesNotContain("secret-key");
    }
}
