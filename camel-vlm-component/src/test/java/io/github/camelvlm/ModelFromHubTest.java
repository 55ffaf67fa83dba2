package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.hub.FakeHub;
import io.github.camelvlm.hub.JavaProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes that name a model on a hub. */
class ModelFromHubTest {
    @TempDir
    Path home;

    private List<String> describe(FakeHub hub, String options) throws Exception {
        try (JavaProcess process = new JavaProcess(DescribeFromHub.class, hub.environment(home), options)) {
            return process.output();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model=test/shapes-vl",
                "model=test/shapes-vl&hub=modelscope",
                "models=other=test/other,shapes=test/shapes-vl&model=shapes"
            })
    void describesAPictureByAModelThatItDownloads(String options) throws Exception {
        try (FakeHub hub = FakeHub.ofShapesVl()) {
            assertThat(describe(hub, options)).contains("caption " + VlmTestSupport.ONE_SHAPE_CAPTION);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model=test/shapes-vl", "models=shapes=test/shapes-vl"})
    void stopsAtOnceThoughAMessageWaitsForADownload(String option) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (FakeHub hub = FakeHub.ofShapesVl()) {
            hub.answer("listing", (exchange, file) -> {
                asked.countDown();
                new CountDownLatch(1).await();
            });
            try (JavaProcess process = new JavaProcess(StopWhileDownloading.class, hub.environment(home), option)) {
                assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

                process.endInput();

                assertThat(process.output()).anyMatch(line -> line.matches("stopped in [0-9] s, true"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hub=gitlab | hub must be huggingface or modelscope, but is gitlab",
                "download=false | no revision main in the Hugging Face cache",
                "download=false&models=a=no-such/model&model=a | no revision main in the Hugging Face cache"
            })
    void saysWhyItCannotDownloadWhenTheRouteStarts(String option, String message) throws Exception {
        CamelContext context = new DefaultCamelContext();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:picture")
                        .to("vlm:describe?" + (option.contains("model=") ? "" : "model=no-such/model&") + option);
            }
        });

        assertThatThrownBy(context::start)
                .hasStackTraceContaining(ModelLoadException.class.getName())
                .rootCause()
                .hasMessageContaining(message);
    }
}
