package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.registry.VlmEngines;
import io.github.camelvlm.torch.TorchRuntime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineLifecycleTest {
    private CamelContext context;

    @BeforeEach
    void create() {
        context = new DefaultCamelContext();
        // Camel leaves the checks of producers off unless an application asks for them.
        HealthCheckHelper.getHealthCheckRepository(context, "producers").setEnabled(true);
    }

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    private void route(String... uris) throws Exception {
        for (String uri : uris) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:" + Integer.toHexString(uri.hashCode())).to(uri);
                }
            });
        }
    }

    private VlmEngine engine(String uri) {
        return context.getEndpoint(uri, VlmEndpoint.class).engine();
    }

    @Test
    void sharesOneEngineAmongEndpointsThatNameTheSameModelDeviceAndType() throws Exception {
        String one = "vlm:describe?" + VlmTestSupport.MODEL;
        String two = "vlm:chat?" + VlmTestSupport.MODEL + "&temperature=0.5";
        String other = "vlm:describe?" + VlmTestSupport.MODEL.replace("float32", "bfloat16");
        route(one, two, other);
        context.start();

        assertThat(engine(one)).isSameAs(engine(two)).isNotSameAs(engine(other));
    }

    @Test
    void findsTheSameModelUnderAnotherPath() throws Exception {
        String one = "vlm:describe?" + VlmTestSupport.MODEL;
        String detour = one.replace(GoldenCase.SHAPES_VL.toString(), GoldenCase.SHAPES_VL + "/../shapes-vl");
        route(one, detour);
        context.start();

        assertThat(engine(one)).isSameAs(engine(detour));
    }

    @Test
    void refusesTwoEndpointsThatWantOneEngineWithDifferentSettings() throws Exception {
        route("vlm:describe?" + VlmTestSupport.MODEL, "vlm:chat?" + VlmTestSupport.MODEL + "&maxSequences=2");

        assertThatThrownBy(context::start)
                .hasRootCauseInstanceOf(ModelLoadException.class)
                .rootCause()
                .hasMessageContaining(
                        "one says maxSequences=8, the other maxSequences=2. Set the option maxSequences alike");
    }

    @Test
    void takesTheDefaultsOfTheComponent() throws Exception {
        VlmComponent component = context.getComponent("vlm", VlmComponent.class);
        component.getConfiguration().setModel(GoldenCase.SHAPES_VL.toString());
        component.getConfiguration().setThreads(1);
        route("vlm:describe");
        context.start();

        assertThat(engine("vlm:describe").model()).isEqualTo("shapes-vl");
    }

    @Test
    void loadsAtStartAndIsHealthyUntilTheRouteStops() throws Exception {
        route("vlm:describe?" + VlmTestSupport.MODEL);
        context.start();

        assertThat(health()).isEqualTo(HealthCheck.State.UP);

        context.getRouteController().stopAllRoutes();

        assertThat(HealthCheckHelper.invokeReadiness(context))
                .noneMatch(result -> result.getCheck().getId().contains("vlm"));
    }

    @Test
    void loadsWithTheFirstMessageIfStartedLazily() throws Exception {
        String lazy = "vlm:describe?" + VlmTestSupport.MODEL + "&lazyStart=true";
        route(lazy);
        context.start();
        assertThat(health()).isEqualTo(HealthCheck.State.DOWN);

        context.createFluentProducerTemplate()
                .withBody(GoldenCase.picture(VlmTestSupport.ONE_SHAPE).bytes())
                .to(lazy)
                .request(String.class);

        assertThat(health()).isEqualTo(HealthCheck.State.UP);
    }

    private HealthCheck.State health() {
        return HealthCheckHelper.invokeReadiness(context).stream()
                .filter(result -> result.getCheck().getId().contains("vlm"))
                .findFirst()
                .orElseThrow()
                .getState();
    }

    @Test
    void closesItsEnginesWithTheContext() throws Exception {
        String uri = "vlm:describe?" + VlmTestSupport.MODEL;
        route(uri);
        context.start();
        VlmEngine engine = engine(uri);

        context.close();

        assertThatThrownBy(() -> engine.generate(
                        new ChatRequest(List.of(Message.of(Role.USER, "Hello")), SamplingOptions.NONE, null)))
                .isInstanceOf(EngineUnavailableException.class);
    }

    @Test
    void loadsNoEngineForAContextThatStops() throws Exception {
        String lazy = "vlm:describe?" + VlmTestSupport.MODEL + "&lazyStart=true";
        route(lazy);
        context.start();
        VlmEngines engines = VlmEngines.of(context);

        engines.stop();

        assertThatThrownBy(() -> engine(lazy)).isInstanceOf(EngineUnavailableException.class);
    }

    @Test
    void loadsAnotherEngineWhenTheContextStartsAgain() throws Exception {
        String uri = "vlm:describe?" + VlmTestSupport.MODEL;
        route(uri);
        context.start();
        VlmEngine first = engine(uri);
        VlmEndpoint endpoint = context.getEndpoint(uri, VlmEndpoint.class);

        context.stop();
        context.start();

        assertThat(engine(uri)).isNotSameAs(first).matches(VlmEngine::isReady);
        endpoint.start();
        assertThat(endpoint.engine()).isSameAs(engine(uri));
    }

    @Test
    void answersWhatItHasTakenOnBeforeTheContextIsClosed() throws Exception {
        String uri = "vlm:chat?" + VlmTestSupport.MODEL + "&shutdownTimeout=60s";
        route(uri);
        context.start();
        Generation generation = engine(uri)
                .generate(new ChatRequest(
                        List.of(Message.of(Role.USER, "Go on.")),
                        SamplingOptions.builder().ignoreEos(true).maxTokens(300).build(),
                        null));

        context.close();

        assertThat(generation.await().tokenIds()).hasSize(300);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "device=gpu        | device must be auto, cpu, cuda or cuda:N, but is gpu",
                "dtype=int3        | dtype must be auto, float32, bfloat16 or float16, but is int3",
                "quantization=int2 | quantization must be none, int8 or int4, but is int2",
                "dtype=float16&quantization=int8 | quantization=int8 is for x86 CPUs in float32 or bfloat16",
                "kvCacheBytes=-1   | kvCacheBytes must be at least 0, but is -1",
                "kvCacheBytes=100  | the KV cache may hold 0 tokens",
                "maxPause=0        | maxPause must be above 0, but is 0 ms",
                "maxPause=-3       | maxPause must be above 0, but is -3 ms",
                "threads=-1        | threads must be at least 0, but is -1",
                "temperature=2.5   | temperature must be between 0 and 2, but is 2.5",
                "topP=-0.1         | top_p must be between 0 and 1, but is -0.1",
                "topK=-3           | top_k must be at least 0, but is -3",
                "maxTokens=0       | max_tokens must be at least 1, but is 0",
                "repetitionPenalty=0 | repetition_penalty must be above 0 and at most 10, but is 0.0",
                "presencePenalty=-3 | presence_penalty must be between -2 and 2, but is -3.0",
                "minPixels=9&maxPixels=8 | min_pixels must not be above max_pixels (8), but is 9",
                "maxPixels=0       | max_pixels must be at least 1, but is 0",
                "contextLength=5000 | contextLength is 5000, but the model",
                "contextLength=-1  | contextLength must be at least 0",
                "maxSequences=0    | maxSequences must be at least 1, but is 0",
                "queueLength=-1    | queueLength must be at least 0, but is -1",
                "maxImagePixels=0  | maxImagePixels must be at least 1, but is 0",
                "maxImages=0       | maxImages must be at least 1, but is 0",
                "maxImageBytes=0   | maxImageBytes must be at least 1, but is 0",
                "shutdownTimeout=-5 | shutdownTimeout must not be negative, but is -5 ms",
                "timeLimit=-5      | time_limit must not be negative, but is -5 ms"
            })
    void refusesAnImpossibleOptionWhenTheRouteStarts(String option, String message) throws Exception {
        String name = option.substring(0, option.indexOf('='));
        String model = Arrays.stream(VlmTestSupport.MODEL.split("&"))
                .filter(each -> !each.startsWith(name + "="))
                .collect(Collectors.joining("&"));
        route("vlm:describe?" + model + "&" + option);

        assertThatThrownBy(context::start).rootCause().hasMessageContaining(message);
    }

    @Test
    void refusesCudaWhereThereIsNone() throws Exception {
        Assumptions.assumeTrue(TorchRuntime.gpuCount() == 0);
        route("vlm:describe?" + VlmTestSupport.MODEL.replace("device=cpu", "device=cuda"));

        assertThatThrownBy(context::start)
                .rootCause()
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("device is cuda, but no GPU can be used here")
                .hasMessageContaining("device=cpu");
    }

    @Test
    void refusesAnUnknownOperation() {
        assertThatThrownBy(() -> context.getEndpoint("vlm:dream?model=x"))
                .rootCause()
                .hasMessageContaining("There is no operation \"dream\"")
                .hasMessageContaining("vlm:describe");
    }

    @Test
    void refusesARouteThatNamesNoModel() throws Exception {
        route("vlm:describe");

        assertThatThrownBy(context::start).rootCause().hasMessageContaining("No model is named");
    }

    @Test
    void cannotBeConsumedFrom() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("vlm:describe?" + VlmTestSupport.MODEL).to("log:nothing");
            }
        });

        assertThatThrownBy(context::start).rootCause().hasMessageContaining("Nothing can be consumed from vlm");
    }
}
