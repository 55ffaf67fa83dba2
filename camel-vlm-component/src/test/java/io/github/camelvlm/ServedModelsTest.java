package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.ModelNotServedException;
import io.github.camelvlm.exchange.SystemFingerprint;
import io.github.camelvlm.openai.ChatCompletion;
import java.time.Instant;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;

class ServedModelsTest extends VlmTestSupport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ChatCompletion chat(String options, String model) throws Exception {
        String body = "{\"model\": " + model
                + ", \"max_tokens\": 1, \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}";
        Message answer = send(
                        "vlm:chat?" + MODEL + options,
                        exchange -> exchange.getMessage().setBody(body))
                .getMessage();
        ChatCompletion completion = answer.getBody(ChatCompletion.class);
        assertThat(answer.getHeader(VlmConstants.RESPONSE_MODEL)).isEqualTo(completion.model());
        return completion;
    }

    private JsonNode models(String options, String model) throws Exception {
        return JSON.readTree(send(
                        "vlm:models?" + MODEL + options,
                        exchange -> exchange.getMessage().setHeader(VlmConstants.MODEL, model))
                .getMessage()
                .getBody(String.class));
    }

    @Test
    void answersToTheNameOfTheDirectoryUnlessToldOtherwise() throws Exception {
        assertThat(chat("", "\"shapes-vl\"").model()).isEqualTo("shapes-vl");
        assertThat(chat("", "null").model()).isEqualTo("shapes-vl");
        assertThatThrownBy(() -> chat("", "\"gpt-5\""))
                .isInstanceOf(ModelNotServedException.class)
                .hasMessage("The model \"gpt-5\" is not served here: ask for shapes-vl");
    }

    @Test
    void answersToTheNamesOfTheOptionByTheOneAskedFor() throws Exception {
        String names = "&servedModelNames=vlm, gpt-4o";

        assertThat(chat(names, "\"gpt-4o\"").model()).isEqualTo("gpt-4o");
        assertThat(chat(names, "null").model()).isEqualTo("vlm");
        assertThatThrownBy(() -> chat(names, "\"shapes-vl\"")).hasMessageEndingWith("ask for vlm or gpt-4o");
    }

    @Test
    void answersToAnyNameIfAskedTo() throws Exception {
        assertThat(chat("&anyModelName=true", "\"gpt-5\"").model()).isEqualTo("gpt-5");
    }

    @Test
    void repeatsOnlyTheBeginningOfAnEndlessName() {
        assertThatThrownBy(() -> chat("", "\"" + "x".repeat(1_000_000) + "\""))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    }

    @Test
    void listsTheModelUnderItsNames() throws Exception {
        JsonNode list = models("&servedModelNames=vlm,gpt-4o", null);

        assertThat(list.get("object").asText()).isEqualTo("list");
        assertThat(list.findValuesAsText("id")).containsExactly("vlm", "gpt-4o");
        assertThat(list.at("/data/1/root").asText()).isEqualTo("shapes-vl");
        assertThat(list.at("/data/1/object").asText()).isEqualTo("model");
        assertThat(list.at("/data/1/max_model_len").asInt()).isEqualTo(4096);
        assertThat(Instant.ofEpochSecond(list.at("/data/1/created").asLong()))
                .isBetween(Instant.now().minusSeconds(3600), Instant.now());
    }

    @Test
    void tellsOfOneModelAlone() throws Exception {
        assertThat(models("", "shapes-vl").get("id").asText()).isEqualTo("shapes-vl");
        assertThatThrownBy(() -> models("", "gpt-5")).isInstanceOf(ModelNotServedException.class);
    }

    @Test
    void fingerprintsModelAndType() throws Exception {
        ModelInfo info = new ModelInfo("shapes-vl", 4096, "float32", Instant.now());

        String fingerprint = chat("", "null").systemFingerprint();

        assertThat(fingerprint).matches("fp_[0-9a-f]{10}").isEqualTo(SystemFingerprint.of(info));
        assertThat(SystemFingerprint.of(new ModelInfo("shapes-vl", 4096, "bfloat16", Instant.now())))
                .isNotEqualTo(fingerprint);
        assertThat(SystemFingerprint.of(new ModelInfo("other", 4096, "float32", Instant.now())))
                .isNotEqualTo(fingerprint);
    }
}
