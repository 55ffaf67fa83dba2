package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChatTest extends VlmTestSupport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Message chat(String uri, Object body) throws Exception {
        return send(uri, exchange -> exchange.getMessage().setBody(body)).getMessage();
    }

    /** A golden conversation as a client sends it: pictures as data URLs. */
    static String request(GoldenCase golden) {
        ObjectNode request = ((ObjectNode) golden.json().deepCopy()).retain("messages", "max_tokens");
        request.put("model", "shapes-vl").put("temperature", 0);
        request.findParents("url").forEach(image -> {
            String name = image.get("url").asText();
            String base64 =
                    Base64.getEncoder().encodeToString(GoldenCase.picture(name).bytes());
            ((ObjectNode) image).put("url", "data:image/png;base64," + base64);
        });
        return request.toString();
    }

    private static GoldenCase golden(String name) {
        return GoldenCase.shapes(name);
    }

    static List<GoldenCase> decided() {
        return GoldenCase.shapes()
                .filter(golden -> golden.json().get("smallest_margin").asDouble() > (golden.isLossy() ? 0.1 : 0.01))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("decided")
    void answersAsTransformersDoes(GoldenCase golden) throws Exception {
        JsonNode answer =
                JSON.readTree(chat("vlm:chat?" + MODEL, request(golden)).getBody(String.class));

        assertThat(answer.at("/choices/0/message/content").asText())
                .isEqualTo(golden.json().get("text").asText());
        assertThat(answer.at("/choices/0/finish_reason").asText())
                .isEqualTo(golden.json().get("finish_reason").asText());
        assertThat(answer.at("/usage/prompt_tokens").asInt())
                .isEqualTo(golden.json().get("prompt_tokens").asInt());
        assertThat(answer.at("/usage/completion_tokens").asInt())
                .isEqualTo(golden.json().get("generated_token_ids").size());
    }

    @Test
    void takesARequestInEveryForm() throws Exception {
        GoldenCase golden = golden("two turns");
        String json = request(golden);
        List<Object> bodies = List.of(
                json,
                json.getBytes(StandardCharsets.UTF_8),
                new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
                JSON.readValue(json, Map.class),
                ChatCompletionReader.read(json));

        for (Object body : bodies) {
            ChatCompletion completion = chat("vlm:chat?" + MODEL, body).getBody(ChatCompletion.class);

            assertThat(completion.choices().get(0).message().content())
                    .as(body.getClass().getName())
                    .isEqualTo(golden.json().get("text").asText());
        }
    }

    @Test
    void givesTheCompletionAsPojoTextBytesAndStream() throws Exception {
        Message answer = chat("vlm:chat?" + MODEL, request(golden("cut by max_tokens")));

        assertThat(answer.getBody()).isInstanceOf(ChatCompletion.class);
        JsonNode json = JSON.readTree(answer.getBody(String.class));
        assertThat(json.get("object").asText()).isEqualTo("chat.completion");
        assertThat(json.get("model").asText()).isEqualTo("shapes-vl");
        assertThat(JSON.readTree(answer.getBody(byte[].class))).isEqualTo(json);
        assertThat(JSON.readTree(answer.getBody(InputStream.class))).isEqualTo(json);
        assertThat(answer.getHeader(Exchange.CONTENT_TYPE)).isEqualTo("application/json");
        assertThat(answer.getHeader(VlmConstants.RESPONSE_ID))
                .isEqualTo(json.get("id").asText());
        assertThat(answer.getHeader(VlmConstants.FINISH_REASON)).isEqualTo("length");
    }

    @Test
    void givesSeveralAnswersInOneCompletion() throws Exception {
        GoldenCase golden = golden("read");
        ObjectNode request = ((ObjectNode) JSON.readTree(request(golden))).put("n", 3);

        Message answer = chat("vlm:chat?" + MODEL, request.toString());

        int tokens = golden.ints("generated_token_ids").length;
        assertThat(answer.getBody(ChatCompletion.class).choices())
                .extracting(choice -> choice.index() + choice.message().content())
                .containsExactly("0KT42", "1KT42", "2KT42");
        assertThat(answer.getBody(ChatCompletion.class).usage().completionTokens())
                .isEqualTo(3 * tokens);
        assertThat(answer.getHeader(VlmConstants.COMPLETION_TOKENS)).isEqualTo(3 * tokens);
        assertThat(answer.getHeader(VlmConstants.PROMPT_TOKENS))
                .isEqualTo(golden.json().get("prompt_tokens").asInt());
    }

    @Test
    void tellsHowLikelyThePromptWasButNotInAStream() throws Exception {
        GoldenCase golden = golden("read");
        ObjectNode request = ((ObjectNode) JSON.readTree(request(golden))).put("prompt_logprobs", 1);

        JsonNode answer =
                JSON.readTree(chat("vlm:chat?" + MODEL, request.toString()).getBody(String.class));

        JsonNode prompt = answer.get("prompt_logprobs");
        assertThat(prompt).hasSize(golden.ints("prompt_token_ids").length);
        assertThat(prompt.get(0).isNull()).isTrue();
        for (int i = 1; i < prompt.size(); i++) {
            JsonNode own = prompt.get(i).get(String.valueOf(golden.ints("prompt_token_ids")[i]));
            assertThat(own.get("logprob").asDouble()).isNotPositive();
            assertThat(prompt.get(i)).hasSize(own.get("rank").asInt() == 1 ? 1 : 2);
        }
        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo(golden.text("text"));
        assertThatThrownBy(() ->
                        chat("vlm:chat?" + MODEL, request.put("stream", true).toString()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("prompt_logprobs are not told with a streamed answer");
    }

    @Test
    void beginsADemandedCallAndTellsNothingOfOneThatIsCut() throws Exception {
        ObjectNode request = (ObjectNode) JSON.readTree(request(golden("read")));
        request.set("tools", JSON.readTree("[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]"));
        request.put("tool_choice", "required").put("ignore_eos", true).put("max_tokens", 8);

        ChatCompletion.Choice choice = chat("vlm:chat?" + MODEL, request.toString())
                .getBody(ChatCompletion.class)
                .choices()
                .get(0);

        // The small model knows no tools: what it says is no call.
        assertThat(choice.message().content()).isEmpty();
        assertThat(choice.message().toolCalls()).isNull();
        assertThat(choice.finishReason()).isEqualTo("length");
    }

    @Test
    void refusesMorePicturesThanAllowedBeforeItLooksAtAny() {
        String picture = "{\"type\":\"image_url\",\"image_url\":\"no picture\"}";
        String request =
                "{\"messages\":[{\"role\":\"user\",\"content\":[" + picture + "," + picture + "," + picture + "]}]}";

        assertThatThrownBy(() -> chat("vlm:chat?" + MODEL + "&maxImages=2", request))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "messages hold 3 pictures, but at most 2 are taken at once: send fewer, or raise maxImages");
        assertThatThrownBy(() -> chat("vlm:chat?" + MODEL + "&maxImages=3", request))
                .hasMessageContaining("allowedDirectories");
    }

    @Test
    void reportsLogProbabilities() throws Exception {
        GoldenCase golden = golden("describe one-shape.png");
        ObjectNode request = (ObjectNode) JSON.readTree(request(golden));
        request.put("logprobs", true).put("top_logprobs", 3);

        JsonNode tokens = JSON.readTree(
                        chat("vlm:chat?" + MODEL, request.toString()).getBody(String.class))
                .at("/choices/0/logprobs/content");

        assertThat(tokens).hasSize(golden.json().get("logprobs").size());
        for (int i = 0; i < tokens.size(); i++) {
            assertThat(tokens.get(i).get("logprob").asDouble())
                    .isCloseTo(
                            golden.json().get("logprobs").get(i).get("logprob").asDouble(), Offset.offset(2e-3));
            assertThat(tokens.get(i).get("top_logprobs")).hasSize(3);
        }
    }

    @Test
    void fillsInWhatTheRequestLeavesOpenByTheOptions() throws Exception {
        ObjectNode request = (ObjectNode) JSON.readTree(request(golden("describe one-shape.png")));
        request.remove("max_tokens");

        Message cut = chat("vlm:chat?" + MODEL + "&maxTokens=2", request.toString());
        Message whole = chat(
                "vlm:chat?" + MODEL + "&maxTokens=2",
                request.put("max_tokens", 50).toString());

        assertThat(cut.getHeader(VlmConstants.COMPLETION_TOKENS)).isEqualTo(2);
        assertThat(whole.getBody(ChatCompletion.class)
                        .choices()
                        .get(0)
                        .message()
                        .content())
                .isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void leavesASystemMessageOfTheRequestAlone() throws Exception {
        GoldenCase golden = golden("other system message");

        Message answer = chat("vlm:chat?" + MODEL + "&systemMessage=Say nothing.", request(golden));

        assertThat(answer.getHeader(VlmConstants.PROMPT_TOKENS))
                .isEqualTo(golden.json().get("prompt_tokens").asInt());
    }

    @Test
    void refusesWhatIsNoRequest() {
        assertThatThrownBy(() -> chat("vlm:chat?" + MODEL, "describe it, please"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("JSON");
        assertThatThrownBy(() -> chat("vlm:chat?" + MODEL, null))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("body is empty");
        assertThatThrownBy(() -> chat("vlm:chat?" + MODEL, new Object()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("body must be an OpenAI chat completion request")
                .hasMessageContaining("but is java.lang.Object");
        assertThatThrownBy(() -> chat("vlm:chat?" + MODEL, "{\"messages\":[]}"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("messages");
    }

    @Test
    void readsNoFilesUnlessTheirDirectoryIsAllowed() {
        String request = """
                {"messages":[{"role":"user","content":[
                  {"type":"image_url","image_url":{"url":"file:///etc/passwd"}},{"type":"text","text":"Read it."}]}]}
                """;

        assertThatThrownBy(() -> chat("vlm:chat?" + MODEL, request))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("allowedDirectories");
    }

    @Test
    void refusesADataUrlThatHoldsNoPicture() {
        String request = """
                {"messages":[{"role":"user","content":[
                  {"type":"image_url","image_url":{"url":"data:image/png;base64,bm8gcGljdHVyZQ=="}}]}]}
                """;

        assertThatThrownBy(() -> chat("vlm:chat?" + MODEL, request)).isInstanceOf(UnreadablePictureException.class);
    }
}
