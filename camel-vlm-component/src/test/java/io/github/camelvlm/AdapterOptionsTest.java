package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.ModelNotServedException;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.openai.ChatCompletion;
import java.util.Map;
import org.apache.camel.FailedToCreateProducerException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** How routes choose adapters, and what they are told of impossible ones. */
class AdapterOptionsTest extends VlmTestSupport {
    private static final String BASE = "model=" + GoldenCase.RANDOM_VL + "&device=cpu&dtype=float32&threads=1";
    private static final String TEXT =
            GoldenCase.ADAPTERS.resolve("adapter-text").toString();
    private static final String DORA =
            GoldenCase.ADAPTERS.resolve("adapter-dora").toString();
    private static final String BESIDE =
            BASE + "&adapters=text=" + TEXT + ",vision=" + GoldenCase.ADAPTERS.resolve("adapter-vision");
    private static final String NO_PICTURE = "no image";

    private static GoldenCase golden(String adapter) {
        return (adapter == null ? GoldenCase.random() : GoldenCase.adapted(adapter))
                .filter(each -> each.name().equals(NO_PICTURE))
                .findFirst()
                .orElseThrow();
    }

    private ChatCompletion chat(String options, String model, Map<String, Object> headers) throws Exception {
        var request = golden(null).request();
        if (model != null) {
            request.put("model", model);
        }
        Message answer = send("vlm:chat?" + options, exchange -> {
                    exchange.getMessage().setBody(request.toString());
                    exchange.getMessage().setHeaders(headers);
                })
                .getMessage();
        ChatCompletion completion = answer.getBody(ChatCompletion.class);
        assertThat(answer.getHeader(VlmConstants.RESPONSE_MODEL)).isEqualTo(completion.model());
        return completion;
    }

    private static void assertAnswered(ChatCompletion completion, String model, String golden) {
        assertThat(completion.model()).isEqualTo(model);
        assertThat(completion.choices().get(0).message().content())
                .isEqualTo(golden(golden).text("text"));
    }

    @Test
    void takesTheModelOfTheRequestThenTheHeaderThenTheOption() throws Exception {
        String option = BESIDE + "&adapter=vision";
        Map<String, Object> header = Map.of(VlmConstants.ADAPTER, "text");

        assertAnswered(chat(BESIDE, null, Map.of()), "random-vl", null);
        assertAnswered(chat(option, null, Map.of()), "vision", "adapter-vision");
        assertAnswered(chat(option, null, header), "text", "adapter-text");
        assertAnswered(chat(option, "random-vl", header), "random-vl", null);
        assertAnswered(chat(option, "vision", header), "vision", "adapter-vision");
    }

    @Test
    void describesWithAnAdapter() throws Exception {
        GoldenCase golden = GoldenCase.adapted("adapter-text")
                .filter(each -> each.name().equals("see tiny.png"))
                .findFirst()
                .orElseThrow();

        Message answer = send(
                        "vlm:describe?" + BESIDE + "&adapter=text&temperature=0&maxTokens="
                                + golden.json().get("max_tokens").asInt() + "&prompt="
                                + golden.json().at("/messages/0/content/1/text").asText(),
                        exchange -> exchange.getMessage()
                                .setBody(GoldenCase.picture("tiny.png").bytes()))
                .getMessage();

        assertThat(answer.getBody(String.class)).isEqualTo(golden.text("text"));
        assertThat(answer.getHeader(VlmConstants.RESPONSE_MODEL)).isEqualTo("text");
    }

    @Test
    void mergesAdaptersIntoAnEngineOfItsOwn() throws Exception {
        String merged = BASE + "&mergeAdapter=" + DORA;

        assertAnswered(chat(merged, null, Map.of()), "random-vl", "adapter-dora");
        assertAnswered(chat(BESIDE, null, Map.of()), "random-vl", null);
        assertThat(chat(merged, null, Map.of()).systemFingerprint())
                .isNotEqualTo(chat(BESIDE, null, Map.of()).systemFingerprint());
    }

    @Test
    void refusesAnAdapterThatAHeaderInvents() {
        assertThatThrownBy(() -> chat(BESIDE, null, Map.of(VlmConstants.ADAPTER, "other")))
                .isInstanceOf(ModelNotServedException.class)
                .hasMessageEndingWith("ask for random-vl or text or vision");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertNotStarted(String options) {
        return assertThatThrownBy(() -> context().addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:" + options.hashCode()).to("vlm:describe?" + options);
                    }
                }))
                .isInstanceOfAny(FailedToStartRouteException.class, FailedToCreateProducerException.class)
                .rootCause();
    }

    @Test
    void startsNoRouteWhoseAdaptersCannotBe() {
        String other = BASE.replace("float32", "bfloat16") + "&adapters=";

        assertNotStarted(other + "text")
                .isInstanceOf(ModelLoadException.class)
                .hasMessage("adapters must be name=DIRECTORY, several separated by commas, but one is text");
        assertNotStarted(other + "a=" + TEXT + ",a=" + TEXT).hasMessageStartingWith("adapters has two of the name a");
        assertNotStarted(other + "dora=" + DORA).hasMessageContaining("merge it into the model instead (mergeAdapter)");
        assertNotStarted(other + "a=/nowhere/at/all")
                .hasMessageContaining("adapter /nowhere/at/all is not on this machine")
                .hasMessageContaining("such as OWNER/NAME-lora");
    }

    @Test
    void startsNoRouteThatMergesAnAdapterTwice() {
        assertNotStarted(BASE + "&mergeAdapter=" + TEXT + "," + TEXT + "/../adapter-text")
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("adapter-text twice, so that it would count twice: name each one once");
    }

    @Test
    void startsNoRouteThatChoosesAnAdapterWhichIsNotThere() {
        assertNotStarted(BESIDE + "&adapter=other")
                .hasMessage("adapter is other, which adapters does not name: add other=DIRECTORY to it");
    }

    @Test
    void startsNoRouteWhoseAdapterHasANameOfTheModel() {
        assertNotStarted(BESIDE + "&servedModelNames=text")
                .hasMessage("adapters has the name text, which the model has too: give the adapter another");
    }
}
