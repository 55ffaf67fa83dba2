package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.InvalidRequestException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A picture in base64, wherever in a request it has got to. */
class EchoedInputTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/=]{41,}");
    private static final String PICTURE = picture();
    private static final String REQUEST = """
            {"model":"vlm","messages":[
              {"role":"user","content":[
                {"type":"text","text":"Hello"},
                {"type":"image_url","image_url":{"url":"a","detail":"low","min_pixels":784},"max_pixels":1568},
                {"type":"image","image":"a"}]},
              {"role":"assistant","content":null,"tool_calls":[
                {"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"1","content":"done"},
              {"role":"user","content":"Hello"}],
             "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],
             "tool_choice":"auto","max_tokens":5,"temperature":0.5,"seed":1,"stop":["a"],"logit_bias":{"5":1},
             "logprobs":true,"top_logprobs":1,"n":1,"stream":false,"stream_options":{"include_usage":true},
             "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}},"mm_processor_kwargs":{"min_pixels":784},"metadata":{"a":"b"},
             "user":"me","ignore_eos":false,"parallel_tool_calls":true}
            """;

    private static String picture() {
        byte[] bytes = new byte[30_000];
        new Random(7).nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Whether reading failed; its message is looked at. */
    private static boolean isRefused(String request) {
        try {
            ChatRequestMapper.toChatRequest(ChatCompletionReader.read(request), url -> {
                throw new InvalidRequestException("image_url", "cannot be used");
            });
            return false;
        } catch (InvalidRequestException e) {
            assertThat(BASE64.matcher(e.getMessage() + " " + e.field()).find())
                    .as(e.getMessage())
                    .isFalse();
            assertThat(e.getMessage()).hasSizeLessThan(1_000);
            return true;
        }
    }

    /** All requests that have the picture in the place of one value, or of the name of one field. */
    private static List<String> spoilt() throws Exception {
        List<String> requests = new ArrayList<>();
        JsonNode request = JSON.readTree(REQUEST);
        spoil(request, request, requests);
        return requests;
    }

    private static void spoil(JsonNode node, JsonNode root, List<String> requests) {
        if (node instanceof ObjectNode object) {
            for (String name : List.copyOf(
                    object.properties().stream().map(field -> field.getKey()).toList())) {
                JsonNode value = object.get(name);
                object.put(name, PICTURE);
                requests.add(root.toString());
                object.remove(name);
                object.set(PICTURE, value);
                requests.add(root.toString());
                object.remove(PICTURE);
                object.set(name, value);
                spoil(value, root, requests);
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode value = array.get(i);
                array.set(i, array.textNode(PICTURE));
                requests.add(root.toString());
                array.set(i, value);
                spoil(value, root, requests);
            }
        }
    }

    @Test
    void isNeverRepeatedByAnError() throws Exception {
        List<String> requests = spoilt();

        assertThat(requests).hasSizeGreaterThan(100);
        assertThat(requests.stream().filter(EchoedInputTest::isRefused)).hasSizeGreaterThan(50);
    }

    @Test
    void isNotRepeatedWhereTheJsonIsBroken() {
        for (String broken : List.of(
                PICTURE,
                "{" + PICTURE,
                "{\"model\":" + PICTURE,
                "{\"model\":\"" + PICTURE,
                "{\"" + PICTURE + "\":}",
                "{\"model\":\"a\"" + PICTURE,
                "{\"model\":\"a\"}" + PICTURE,
                "{\"model\":1" + PICTURE + "}",
                "{\"model\":\"\\" + PICTURE + "\"}",
                "{\"temperature\":" + "1".repeat(2_000) + "}")) {
            assertThat(isRefused(broken)).as(broken.substring(0, 20)).isTrue();
        }
    }
}
