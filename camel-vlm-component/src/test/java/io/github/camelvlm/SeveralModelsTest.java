package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.ModelNotServedException;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.openai.ChatCompletion;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How routes choose one of several models, and replicas of one. */
@Timeout(120)
class SeveralModelsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COMMON = "device=cpu&dtype=float32&threads=1&temperature=0";
    private static final String TEXT =
            GoldenCase.ADAPTERS.resolve("adapter-text").toString();
    private static final String MODELS =
            COMMON + "&models=shapes=" + GoldenCase.SHAPES_VL + ",random=" + GoldenCase.RANDOM_VL;
    private static final String NO_PICTURE = "no image";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private CamelContext context;

    @BeforeEach
    void start() {
        context = new DefaultCamelContext();
        context.getRegistry().bind("meters", meters);
        HealthCheckHelper.getHealthCheckRepository(context, "producers").setEnabled(true);
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private Message send(String uri, Processor message) throws Exception {
        Exchange answer = context.createProducerTemplate().request(uri, message);
        if (answer.getException() != null) {
            throw answer.getException();
        }
        return answer.getMessage();
    }

    private static GoldenCase random() {
        return GoldenCase.random()
                .filter(each -> each.name().equals(NO_PICTURE))
                .findFirst()
                .orElseThrow();
    }

    private ChatCompletion chat(String options, String model, Map<String, Object> headers) throws Exception {
        var request = random().request();
        if (model != null) {
            request.put("model", model);
        }
        return send("vlm:chat?" + options, exchange -> {
                    exchange.getMessage().setBody(request.toString());
                    exchange.getMessage().setHeaders(headers);
                })
                .getBody(ChatCompletion.class);
    }

    private void assertAnsweredByRandom(ChatCompletion completion) {
        assertThat(completion.model()).isEqualTo("random");
        assertThat(completion.choices().get(0).message().content()).isEqualTo(random().text("text"));
    }

    private JsonNode models(String options, String model) throws Exception {
        return JSON.readTree(send(
                        "vlm:models?" + options,
                        exchange -> exchange.getMessage().setHeader(VlmConstants.MODEL, model))
                .getBody(String.class));
    }

    @Test
    void takesTheModelOfTheRequestThenTheHeaderThenTheOptionThenTheFirst() throws Exception {
        assertAnsweredByRandom(chat(MODELS, "random", Map.of(VlmConstants.MODEL, "shapes")));
        assertAnsweredByRandom(chat(MODELS, null, Map.of(VlmConstants.MODEL, "random")));
        assertAnsweredByRandom(chat(MODELS + "&model=random", null, Map.of()));
        assertThat(chat(MODELS, null, Map.of()).model()).isEqualTo("shapes");
        assertThat(chat(MODELS + "&model=random", "shapes", Map.of()).model()).isEqualTo("shapes");
        assertThatThrownBy(() -> chat(MODELS, "other", Map.of()))
                .isInstanceOf(ModelNotServedException.class)
                .hasMessage("The model \"other\" is not served here: ask for shapes or random");
        assertThatThrownBy(() -> chat(MODELS, null, Map.of(VlmConstants.MODEL, "other")))
                .isInstanceOf(ModelNotServedException.class);
    }

    @Test
    void asksTheModelOfTheHeaderAboutAPicture() throws Exception {
        byte[] picture = GoldenCase.picture(VlmTestSupport.ONE_SHAPE).bytes();

        Message caption = send("vlm:describe?model=random&" + MODELS, exchange -> {
            exchange.getMessage().setBody(picture);
            exchange.getMessage().setHeader(VlmConstants.MODEL, "shapes");
        });

        assertThat(caption.getBody(String.class)).isEqualTo(VlmTestSupport.ONE_SHAPE_CAPTION);
        assertThat(caption.getHeader(VlmConstants.RESPONSE_MODEL)).isEqualTo("shapes");
        assertThat(send("vlm:classify?choices=yellow,red&" + MODELS, exchange -> {
                            exchange.getMessage().setBody(picture);
                            exchange.getMessage().setHeader(VlmConstants.MODEL, "random");
                        })
                        .getHeader(VlmConstants.RESPONSE_MODEL))
                .isEqualTo("random");
    }

    @Test
    void listsAllAndTellsWhichAreLoaded() throws Exception {
        String adapted = MODELS + "&adapters=random/text=" + TEXT;
        JsonNode before = models(adapted, null);
        chat(adapted, "random", Map.of());

        JsonNode after = models(adapted, null);

        assertThat(after.findValuesAsText("id")).containsExactly("shapes", "random", "random/text");
        assertThat(after.findValuesAsText("parent")).containsExactly("null", "null", "random");
        assertThat(before.findValuesAsText("loaded")).containsExactly("false", "false", "false");
        assertThat(after.findValuesAsText("loaded")).containsExactly("false", "true", "true");
        assertThat(before.findValuesAsText("max_model_len")).isEqualTo(after.findValuesAsText("max_model_len"));
        assertThat(models(adapted, "random").get("loaded").asBoolean()).isTrue();
        assertThat(models(adapted, "random/text").get("parent").asText()).isEqualTo("random");
    }

    @Test
    void asksAnAdapterOfOneOfThem() throws Exception {
        GoldenCase adapted = GoldenCase.adapted("adapter-text")
                .filter(each -> each.name().equals(NO_PICTURE))
                .findFirst()
                .orElseThrow();

        ChatCompletion answer = chat(MODELS + "&adapters=random/text=" + TEXT, "random/text", Map.of());

        assertThat(answer.model()).isEqualTo("random/text");
        assertThat(answer.choices().get(0).message().content()).isEqualTo(adapted.text("text"));
    }

    @Test
    void writesTokensOfTheModelThatTheRequestNames() throws Exception {
        String tools = COMMON + "&models=shapes=" + GoldenCase.SHAPES_VL + ",qwen=" + GoldenCase.SHAPES_TOOLS;

        JsonNode tokens = JSON.readTree(send(
                        "vlm:tokenize?" + tools,
                        exchange ->
                                exchange.getMessage().setBody("{\"model\": \"qwen\", \"prompt\": \"a red circle\"}"))
                .getBody(String.class));
        String text = send(
                        "vlm:detokenize?" + tools,
                        exchange -> exchange.getMessage()
                                .setBody("{\"model\": \"qwen\", \"tokens\": " + tokens.get("tokens") + "}"))
                .getBody(String.class);

        assertThat(JSON.readTree(text).get("prompt").asText()).isEqualTo("a red circle");
        assertThat(models(tools, "qwen").get("loaded").asBoolean()).isTrue();
        assertThat(models(tools, "shapes").get("loaded").asBoolean()).isFalse();
    }

    @Test
    void sharesTheModelsAmongEndpointsWithDefaultsOfTheirOwn() throws Exception {
        chat(MODELS + "&model=random", null, Map.of());
        chat(MODELS, "random", Map.of());

        assertThat(meter("vlm.model.loads", "random")).isEqualTo(1);
        assertThatThrownBy(() -> chat(MODELS + "&modelIdle=10m", null, Map.of()))
                .rootCause()
                .isInstanceOf(ModelLoadException.class)
                .hasMessage(
                        "Two endpoints share the models shapes, random but not its settings: one says modelIdle=0, the"
                                + " other modelIdle=600000. Set the option modelIdle alike, or once on the component");
    }

    @Test
    void sharesNoModelsAmongEndpointsThatComputeInDifferentTypes() {
        String other = MODELS.replace("float32", "bfloat16");

        assertThat(List.of(MODELS, other))
                .extracting(options -> context.getEndpoint("vlm:chat?" + options, VlmEndpoint.class)
                        .engine()
                        .info()
                        .dtype())
                .containsExactly("float32", "bfloat16");
    }

    private double meter(String name, String model) {
        return meters.get(name)
                .tag("model_name", model)
                .meter()
                .measure()
                .iterator()
                .next()
                .getValue();
    }

    @Test
    void isHealthyBeforeAnyIsLoadedAndTellsEachToMetrics() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:chat").to("vlm:chat?" + MODELS);
            }
        });
        assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(health().getDetails()).containsEntry("loaded", "");
        assertThat(meter("vlm.model.loaded", "random")).isZero();

        chat(MODELS, "random", Map.of());

        assertThat(health().getDetails()).containsEntry("loaded", "random");
        assertThat(meter("vlm.model.loaded", "random")).isEqualTo(1);
        assertThat(meter("vlm.model.loaded", "shapes")).isZero();
        assertThat(meter("vlm.model.unloads", "random")).isZero();
    }

    @Test
    void countsAFailureWithTheModelThatWasAsked() {
        String request =
                "{\"model\": \"random\", \"max_tokens\": 1, \"messages\": [{\"role\": \"user\", \"content\": \""
                        + "long ".repeat(9000) + "\"}]}";

        assertThatThrownBy(() -> send(
                        "vlm:chat?" + MODELS, exchange -> exchange.getMessage().setBody(request)))
                .hasMessageContaining("messages");

        assertThat(meters.get("vlm.request.errors")
                        .tag("model_name", "random")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    private HealthCheck.Result health() {
        return HealthCheckHelper.invokeReadiness(context).stream()
                .filter(result -> result.getCheck().getId().contains("vlm"))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "models=x                  | models must be name=DIRECTORY, several separated by commas, but one is x",
                "models=a=SHAPES,a=RANDOM  | models has two of the name a",
                "models=a=SHAPES&model=b   | model=b names none of the models: set it to one of a, or leave it out",
                "models=a=SHAPES&mergeAdapter=TEXT | mergeAdapter cannot say of which of the models",
                "models=a=SHAPES&engine=auto&baseUrl=http://localhost:1/v1 | models are of this process, but the option engine is auto",
                "models=a=SHAPES&adapters=a=TEXT | adapters has the name a, which a model has too",
                "models=a=SHAPES&modelMemory=1000 | modelMemory is 0.0 MB, but model a alone needs about",
                "models=a=SHAPES&modelMemory=-1 | modelMemory must be at least 0, but is -1",
                "models=a=SHAPES&modelIdle=-5 | modelIdle must not be negative, but is -5 ms",
                "models=a=SHAPES&modelLoading=never | modelLoading must be demand or start, but is never",
                "models=a=SHAPES,b=/no/such/folder | The model cannot be loaded: ",
                "model=SHAPES&device=cpu,auto | device must be one device, or several such as cuda:0,cuda:1 or cpu,cpu",
                "model=SHAPES&device=cpu, | device must be one device, or several",
                "model=SHAPES&device=cpu,gpu | device must be auto, cpu, cuda or cuda:N, but is gpu"
            })
    void refusesWhatCannotBeWhenTheRouteStarts(String options, String message) {
        String uri = "vlm:chat?dtype=float32&threads=1&"
                + options.replace("SHAPES", GoldenCase.SHAPES_VL.toString())
                        .replace("RANDOM", GoldenCase.RANDOM_VL.toString())
                        .replace("TEXT", TEXT);

        assertThatThrownBy(() -> context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:refused").to(uri);
                    }
                }))
                .satisfies(e -> assertThat(messages(e)).contains(message));
    }

    private static String messages(Throwable e) {
        return e == null ? "" : e.getMessage() + "\n" + messages(e.getCause());
    }

    @Test
    void answersWhatItHasTakenOnBeforeTheContextStopsAndAgainWhenItStarts() throws Exception {
        assertAnsweredByRandom(chat(MODELS, "random", Map.of()));
        VlmEngine fleet =
                context.getEndpoint("vlm:chat?" + MODELS, VlmEndpoint.class).engine();
        Generation running = fleet.generate(new ChatRequest(
                List.of(io.github.camelvlm.chat.Message.of(Role.USER, "Go on.")),
                SamplingOptions.builder().ignoreEos(true).maxTokens(200).build(),
                null));

        context.stop();

        assertThat(running.await().tokenIds()).hasSize(200);
        assertThat(fleet.isReady()).isFalse();
        context.start();
        assertAnsweredByRandom(chat(MODELS, "random", Map.of()));
    }

    @Test
    void loadsAllAtTheStartIfAskedTo() throws Exception {
        JsonNode list = models(MODELS + "&modelLoading=start", null);

        assertThat(list.findValuesAsText("loaded")).containsExactly("true", "true");
    }

    @Test
    void answersByAReplicaOnEachDeviceAndTellsHowManyAnswer() throws Exception {
        String uri = "model=" + GoldenCase.SHAPES_VL + "&dtype=float32&threads=1&device=cpu,cpu";
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:describe").to("vlm:describe?" + uri);
            }
        });

        Message caption = send(
                "direct:describe",
                exchange -> exchange.getMessage()
                        .setBody(GoldenCase.picture(VlmTestSupport.ONE_SHAPE).bytes()));

        assertThat(caption.getBody(String.class)).isEqualTo(VlmTestSupport.ONE_SHAPE_CAPTION);
        assertThat(health().getDetails()).containsEntry("replicas of shapes-vl", "2 of 2 answer");
        assertThat(meter("vlm.model.replicas", "shapes-vl")).isEqualTo(2);
        assertThat(meter("vlm.model.replicas.ready", "shapes-vl")).isEqualTo(2);
    }
}
