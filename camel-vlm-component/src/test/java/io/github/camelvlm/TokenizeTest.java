package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ModelNotServedException;
import io.github.camelvlm.goldens.GoldenCase;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizeTest extends VlmTestSupport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonNode send(String operation, Object body) throws Exception {
        Exchange answer = send(
                "vlm:" + operation + "?" + MODEL,
                exchange -> exchange.getMessage().setBody(body));
        assertThat(answer.getMessage().getHeader(Exchange.CONTENT_TYPE)).isEqualTo("application/json");
        return JSON.readTree(answer.getMessage().getBody(String.class));
    }

    private static String prompt(String text) {
        return JSON.createObjectNode().put("prompt", text).toString();
    }

    @Test
    void tokenizesThePromptsOfTheGoldensAndBack() throws Exception {
        for (GoldenCase golden : GoldenCase.shapes().toList()) {
            if (!golden.grids().isEmpty()) {
                continue;
            }
            JsonNode answer = send("tokenize", prompt(golden.text("prompt")));

            assertThat(GoldenCase.ints(answer.get("tokens"))).containsExactly(golden.ints("prompt_token_ids"));
            assertThat(answer.get("count").asInt()).isEqualTo(golden.ints("prompt_token_ids").length);
            assertThat(answer.get("max_model_len").asInt()).isEqualTo(4096);
            assertThat(answer.get("token_strs").isNull()).isTrue();
            assertThat(send("detokenize", ((ObjectNode) answer).retain("tokens").toString())
                            .get("prompt")
                            .asText())
                    .isEqualTo(golden.text("prompt"));
        }
    }

    @Test
    void tokenizesAConversationWithItsPictures() throws Exception {
        GoldenCase golden = GoldenCase.shapes("image text image");

        JsonNode answer = send("tokenize", ChatTest.request(golden).getBytes(StandardCharsets.UTF_8));

        assertThat(GoldenCase.ints(answer.get("tokens"))).containsExactly(golden.ints("prompt_token_ids"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "'add_generation_prompt':true                                 ; <|im_end|>¶<|im_start|>assistant¶",
                "'add_generation_prompt':false                                ; <|im_end|>¶",
                "'add_generation_prompt':false,'continue_final_message':true  ; ~~",
            })
    void endsThePromptOfAConversationAsAsked(String fields, String ending) throws Exception {
        String body =
                "{'messages':[{'role':'user','content':'Hi'},{'role':'assistant','content':'Well'}]," + fields + "}";

        JsonNode answer = send("tokenize", body.replace('\'', '"'));

        assertThat(send("detokenize", ((ObjectNode) answer).retain("tokens").toString())
                        .get("prompt")
                        .asText())
                .endsWith("<|im_start|>assistant\nWell" + ending.replace('¶', '\n'));
    }

    @Test
    void writesTokensAsTheVocabularyDoes() throws Exception {
        JsonNode vocabulary = JSON.readTree(Files.readString(GoldenCase.SHAPES_VL.resolve("tokenizer.json")))
                .at("/model/vocab");

        JsonNode answer = send(
                "tokenize",
                new ByteArrayInputStream("{\"prompt\":\"a red\\n 圆<|im_end|>\",\"return_token_strs\":true}"
                        .getBytes(StandardCharsets.UTF_8)));

        JsonNode entries = answer.get("token_strs");
        int last = entries.size() - 1;
        assertThat(entries.get(last).asText()).isEqualTo("<|im_end|>");
        for (int i = 0; i < last; i++) {
            assertThat(vocabulary.get(entries.get(i).asText()))
                    .as(entries.get(i).asText())
                    .isEqualTo(answer.get("tokens").get(i));
        }
    }

    @Test
    void makesSpecialTokensOfATextOnlyWhereTheyAreWanted() throws Exception {
        String text = "<|im_start|>user<|im_end|>";

        JsonNode unsaid = send("tokenize", prompt(text));
        JsonNode wanted = send("tokenize", with(text, true));
        JsonNode unwanted = send("tokenize", with(text, false));

        assertThat(unsaid.get("count").asInt()).isLessThan(unwanted.get("count").asInt());
        assertThat(wanted).isEqualTo(unsaid);
        assertThat(unwanted.get("tokens").toString())
                .doesNotContain(wanted.at("/tokens/0").asText());
        assertThat(send(
                                "detokenize",
                                JSON.createObjectNode()
                                        .set("tokens", unwanted.get("tokens"))
                                        .toString())
                        .get("prompt")
                        .asText())
                .isEqualTo(text);
    }

    private static String with(String text, boolean addSpecialTokens) {
        return JSON.createObjectNode()
                .put("prompt", text)
                .put("add_special_tokens", addSpecialTokens)
                .toString();
    }

    @Test
    void refusesAnotherModel() {
        for (String body : List.of("{\"model\":\"x\",\"prompt\":\"\"}", "{\"model\":\"x\",\"tokens\":[]}")) {
            assertThatThrownBy(() -> send(body.contains("prompt") ? "tokenize" : "detokenize", body))
                    .isInstanceOf(ModelNotServedException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "tokenize   | {}                   | prompt is missing, and so is messages: send one of them",
                "tokenize   | {'prompt':'','add_special_tokens':1} | add_special_tokens must be true or false",
                "tokenize   | {'prompt':5}         | prompt must be a string, but is the number 5",
                "tokenize   | {'messages':[]}      | messages must hold at least one message",
                "tokenize   | {'messages':[],'continue_final_message':true} | continue_final_message needs add_generation_prompt to be false",
                "tokenize   | x                    | body is not valid JSON",
                "detokenize | {}                   | tokens is missing: it must be a list",
                "detokenize | {'tokens':[1,null]}  | tokens[1] must be a whole number, but is null",
                "detokenize | {'tokens':[0,1024]}  | tokens must be token ids from 0 to 1023, but hold 1024",
                "detokenize | {'tokens':[-1]}      | tokens must be token ids from 0 to 1023, but hold -1",
            })
    void namesWhatIsWrong(String operation, String body, String message) {
        assertThatThrownBy(() -> send(operation, body.replace('\'', '"')))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void refusesABodyThatIsNoText() {
        assertThatThrownBy(() -> send("tokenize", (Object) null))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("body is empty: send a request in JSON in it");
    }
}
