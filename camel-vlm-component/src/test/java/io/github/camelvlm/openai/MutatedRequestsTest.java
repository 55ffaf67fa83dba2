package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.model.ModelFamilies;
import io.github.camelvlm.model.PromptCompiler;
import io.github.camelvlm.model.VisionLanguageModel;
import io.github.camelvlm.torch.Dtype;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whatever comes, a request is understood and becomes a prompt, or is refused: nothing else is thrown. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MutatedRequestsTest {
    private static final int SEEDS = 5_000;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String REQUEST = """
            {"model": "m", "messages": [
              {"role": "system", "content": "Be brief."},
              {"role": "user", "content": [
                {"type": "text", "text": "<image> What is <image> 这个 \\ud83d\\ude00?"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo=", "detail": "low"},
                 "min_pixels": 3136, "max_pixels": "50176"},
                {"type": "image_url", "image_url": "a.png"}]},
              {"role": "assistant", "content": null, "tool_calls": [
                {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{\\"a\\": 1}"}}]},
              {"role": "tool", "tool_call_id": "c", "content": "42"}],
             "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
             "tool_choice": "auto",
             "max_tokens": 300, "max_completion_tokens": 200, "temperature": 0.7, "top_p": 0.9, "top_k": 40,
             "min_p": 0.05, "seed": 42, "stop": ["END", "."], "presence_penalty": 0.5, "frequency_penalty": -0.5,
             "repetition_penalty": 1.05, "repetition_detection": {"max_pattern_size": 9, "min_pattern_size": 2, "min_count": 3},
             "logit_bias": {"50256": -100, "7": 1.5}, "logprobs": true,
             "top_logprobs": 2, "n": 1, "stream": false, "ignore_eos": false, "skip_special_tokens": true,
             "min_tokens": 1, "stop_token_ids": [5], "include_stop_str_in_output": true, "bad_words": ["no"],
             "allowed_token_ids": [5, 6], "prompt_logprobs": 1, "add_generation_prompt": false,
             "continue_final_message": true, "best_of": 1, "modalities": ["text"], "chat_template_kwargs": {},
             "mm_processor_kwargs": {"max_pixels": 90000},
             "response_format": {"type": "json_schema", "json_schema": {"name": "n", "strict": true, "schema":
               {"type": "object", "properties": {"a": {"type": "string"}}}}}, "structured_outputs": {"json":
               {"type": "object", "properties": {"a": {"type": "string"}}}}, "guided_choice": [], "stream_options": {"include_usage": true}, "user": "u", "metadata": {"job": "captions"}}
            """;

    /** What names classes and settings of Java and Jackson, and stands nowhere in the request. */
    private static final Pattern CLASS_NAME = Pattern.compile(
            "[Jj]ackson|java[.]|Json(Node|Read)|Stream(Read|Write)|Feature|Constraints|Exception|Source");

    private static final List<String> STRANGE_VALUES = List.of(
            "null",
            "true",
            "[]",
            "{}",
            "\"\"",
            "\"text\"",
            "\"\\ud800\"",
            "-1",
            "0.5",
            "1e999",
            "-0.0",
            "2147483648",
            "99999999999999999999999",
            "[[[]]]",
            "{\"type\":\"text\"}",
            "[null]");

    private final byte[] picture = GoldenCase.picture("one-shape.png").bytes();
    private VisionLanguageModel model;
    private PromptCompiler compiler;

    @BeforeAll
    void load() {
        model = ModelFamilies.load(GoldenCase.SHAPES_VL, new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN));
        compiler = model.words().promptCompiler(4096, 1_000_000);
    }

    @AfterAll
    void close() {
        model.close();
    }

    @Test
    void refusesBrokenTextOfARequest() {
        int refused = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            refused += refused(brokenText(new Random(seed)), seed) ? 1 : 0;
        }
        assertThat(refused).isBetween(1, SEEDS - 1);
    }

    @Test
    void refusesStrangeValuesInARequest() throws IOException {
        int refused = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            refused += refused(strangeValues(new Random(seed)), seed) ? 1 : 0;
        }
        assertThat(refused).isBetween(1, SEEDS - 1);
    }

    private boolean refused(byte[] body, int seed) {
        try {
            ChatRequest request = ChatRequestMapper.toChatRequest(
                    ChatCompletionReader.read(body),
                    url -> new EncodedImage(url, url.isEmpty() ? new byte[0] : picture));
            assertThat(compiler.compile(request).ids()).isNotEmpty();
            return false;
        } catch (InvalidRequestException e) {
            assertThat(e.field()).isNotBlank();
            assertThat(e.getMessage()).doesNotContainPattern(CLASS_NAME);
            return true;
        } catch (UnreadablePictureException e) {
            return true;
        } catch (RuntimeException | StackOverflowError e) {
            return fail("seed " + seed + ": " + new String(body, StandardCharsets.UTF_8), e);
        }
    }

    private static byte[] brokenText(Random random) {
        byte[] body = REQUEST.getBytes(StandardCharsets.UTF_8);
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            int at = random.nextInt(body.length);
            int length = random.nextInt(Math.min(20, body.length - at));
            switch (random.nextInt(4)) {
                case 0 -> body[at] = (byte) random.nextInt(256);
                case 1 -> body = Arrays.copyOf(body, at + 1);
                case 2 -> System.arraycopy(body, random.nextInt(body.length - length), body, at, length);
                default -> body[at] = (byte) "{}[]\",:0-e\\".charAt(random.nextInt(11));
            }
        }
        return body;
    }

    private static byte[] strangeValues(Random random) throws IOException {
        JsonNode body = MAPPER.readTree(REQUEST);
        for (int edits = 1 + random.nextInt(2); edits > 0; edits--) {
            List<JsonNode> containers = new ArrayList<>(List.of(body));
            for (int i = 0; i < containers.size(); i++) {
                containers.get(i).forEach(child -> {
                    if (child.isContainerNode() && !child.isEmpty()) {
                        containers.add(child);
                    }
                });
            }
            JsonNode value = MAPPER.readTree(STRANGE_VALUES.get(random.nextInt(STRANGE_VALUES.size())));
            JsonNode container = containers.get(random.nextInt(containers.size()));
            if (container instanceof ArrayNode list) {
                list.set(random.nextInt(list.size()), value);
            } else {
                List<String> names = new ArrayList<>();
                container.fieldNames().forEachRemaining(names::add);
                Collections.shuffle(names, random);
                ((ObjectNode) container).set(names.get(0), value);
            }
        }
        return MAPPER.writeValueAsBytes(body);
    }
}
