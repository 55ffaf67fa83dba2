package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionChoice;
import com.openai.models.completions.CompletionCreateParams;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenAI's older completions, by its own client and by hand. */
class CompletionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CAPTION = Goldens.caption("one-shape.png");

    /** As the chat template writes the question that is asked of the golden picture. */
    private static final String PROMPT =
            "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n"
                    + "<|vision_start|><|image_pad|><|vision_end|>Describe this image.<|im_end|>\n<|im_start|>assistant\n";

    private static RunningService service;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of());
        client = service.openAi("none");
    }

    @AfterAll
    static void stop() {
        client.close();
        service.close();
    }

    private static CompletionCreateParams.Builder ask() throws Exception {
        return CompletionCreateParams.builder()
                .model("shapes-vl")
                .prompt(PROMPT)
                .temperature(0)
                .maxTokens(64)
                .putAdditionalBodyProperty("images", JsonValue.from(List.of(Conversations.dataUrl("one-shape.png"))));
    }

    private static ObjectNode body() throws Exception {
        ObjectNode body = JSON.createObjectNode();
        body.put("prompt", PROMPT).put("temperature", 0).put("max_tokens", 64);
        body.putArray("images").add(Conversations.dataUrl("one-shape.png"));
        return body;
    }

    private static RunningService.Reply send(ObjectNode body) throws Exception {
        return service.send(service.post("/v1/completions", body.toString()));
    }

    @Test
    void goOnWithATextAndItsPicture() throws Exception {
        Completion completion = client.completions().create(ask().build());

        CompletionChoice choice = completion.validate().choices().get(0);
        assertThat(choice.text()).isEqualTo(CAPTION);
        assertThat(choice.finishReason()).isEqualTo(CompletionChoice.FinishReason.STOP);
        assertThat(completion.usage().orElseThrow().completionTokens()).isPositive();
    }

    @Test
    void costWhatTheSameChatCosts() throws Exception {
        JsonNode chat = service.chat(Conversations.describe("one-shape.png", "Describe this image.")
                        .toString())
                .json();

        assertThat(send(body()).json().at("/usage/prompt_tokens")).isEqualTo(chat.at("/usage/prompt_tokens"));
    }

    @Test
    void goOnInPieces() throws Exception {
        try (StreamResponse<Completion> stream = client.completions().createStreaming(ask().build())) {
            assertThat(stream.stream()
                            .flatMap(piece -> piece.choices().stream())
                            .map(CompletionChoice::text)
                            .collect(Collectors.joining()))
                    .isEqualTo(CAPTION);
        }
    }

    @Test
    void repeatThePromptOnDemand() throws Exception {
        assertThat(send(body().put("echo", true)).json().at("/choices/0/text").asText())
                .isEqualTo(PROMPT + CAPTION);
    }

    @Test
    void tellHowLikelyEachTokenIs() throws Exception {
        JsonNode logprobs = send(body().put("logprobs", 2)).json().at("/choices/0/logprobs");

        int tokens = logprobs.get("tokens").size();
        assertThat(tokens).isPositive();
        assertThat(logprobs.get("token_logprobs")).hasSize(tokens);
        assertThat(logprobs.get("text_offset")).hasSize(tokens);
        assertThat(logprobs.get("text_offset").get(0).asInt()).isZero();
        assertThat(logprobs.get("top_logprobs").get(0)).hasSize(2);
    }

    @Test
    void giveSeveralAnswersAndEndAtAText() throws Exception {
        JsonNode choices = send(body().put("n", 2).put("stop", " ")).json().get("choices");

        assertThat(choices).hasSize(2);
        assertThat(choices.get(1).get("text").asText()).isEqualTo(CAPTION.substring(0, CAPTION.indexOf(' ')));
    }

    private static final String COLOURS = "<|im_start|>user\nName a colour.<|im_end|>\n<|im_start|>assistant\n";
    private static final String SHAPES = "<|im_start|>user\nName two shapes, please.<|im_end|>\n";

    private static ObjectNode several(JsonNode prompts) {
        ObjectNode body = JSON.createObjectNode().put("temperature", 0).put("max_tokens", 8);
        body.set("prompt", prompts);
        return body;
    }

    private static JsonNode alone(JsonNode prompt) throws Exception {
        return send(several(prompt)).json();
    }

    private static JsonNode tokens(String prompt) throws Exception {
        return service.send(service.post(
                        "/tokenize",
                        JSON.createObjectNode().put("prompt", prompt).toString()))
                .json()
                .get("tokens");
    }

    @Test
    void answerSeveralPromptsInTheirOrder() throws Exception {
        JsonNode first = alone(JSON.getNodeFactory().textNode(COLOURS));
        JsonNode second = alone(JSON.getNodeFactory().textNode(SHAPES));

        JsonNode both = send(several(JSON.createArrayNode().add(COLOURS).add(SHAPES))
                        .put("n", 2)
                        .put("echo", true))
                .json();

        assertThat(both.get("choices")).hasSize(4);
        for (int i = 0; i < 4; i++) {
            JsonNode choice = both.get("choices").get(i);
            assertThat(choice.get("index").asInt()).isEqualTo(i);
            assertThat(choice.get("text").asText())
                    .isEqualTo(
                            i < 2
                                    ? COLOURS + first.at("/choices/0/text").asText()
                                    : SHAPES + second.at("/choices/0/text").asText());
        }
        assertThat(both.at("/usage/prompt_tokens").asInt())
                .isEqualTo(first.at("/usage/prompt_tokens").asInt()
                        + second.at("/usage/prompt_tokens").asInt());
    }

    @Test
    void answerSeveralPromptsInPieces() throws Exception {
        CompletionCreateParams request = CompletionCreateParams.builder()
                .model("shapes-vl")
                .promptOfArrayOfStrings(List.of(COLOURS, SHAPES))
                .temperature(0)
                .maxTokens(8)
                .build();
        List<String> whole = client.completions().create(request).choices().stream()
                .map(CompletionChoice::text)
                .toList();

        try (StreamResponse<Completion> stream = client.completions().createStreaming(request)) {
            Map<Long, String> texts = stream.stream()
                    .flatMap(piece -> piece.choices().stream())
                    .collect(Collectors.groupingBy(
                            CompletionChoice::index, Collectors.mapping(CompletionChoice::text, Collectors.joining())));
            assertThat(texts).isEqualTo(Map.of(0L, whole.get(0), 1L, whole.get(1)));
        }
    }

    @Test
    void takePromptsAsTokenIds() throws Exception {
        JsonNode first = alone(JSON.getNodeFactory().textNode(COLOURS));
        JsonNode second = alone(JSON.getNodeFactory().textNode(SHAPES));

        JsonNode one = alone(tokens(COLOURS));
        JsonNode both = alone(JSON.createArrayNode().add(tokens(COLOURS)).add(tokens(SHAPES)));

        assertThat(one.at("/choices/0/text")).isEqualTo(first.at("/choices/0/text"));
        assertThat(one.at("/usage/prompt_tokens")).isEqualTo(first.at("/usage/prompt_tokens"));
        assertThat(both.at("/choices/0/text")).isEqualTo(first.at("/choices/0/text"));
        assertThat(both.at("/choices/1/text")).isEqualTo(second.at("/choices/0/text"));
    }

    @Test
    void drawTokensAsChatsDo() throws Exception {
        int id = tokens("a").get(0).asInt();
        ObjectNode allowed = several(JSON.getNodeFactory().textNode(COLOURS)).put("max_tokens", 2);
        ObjectNode wanted = allowed.deepCopy();
        allowed.putArray("allowed_token_ids").add(id);
        wanted.putObject("logit_bias").put(String.valueOf(id), 100);

        assertThat(send(allowed).json().at("/choices/0/text").asText()).isEqualTo("aa");
        assertThat(send(wanted).json().at("/choices/0/text").asText()).isEqualTo("aa");
    }

    @Test
    void showAPictureAmongTokenIds() throws Exception {
        ObjectNode body = body();
        body.set("prompt", tokens(PROMPT));

        assertThat(send(body).json().at("/choices/0/text").asText()).isEqualTo(CAPTION);
    }

    @Test
    void refuseMorePromptsThanTheQueueHasRoomFor() throws Exception {
        var prompts = JSON.createArrayNode();
        for (int i = 0; i < 65; i++) {
            prompts.add("a");
        }
        RunningService.Reply reply = send(several(prompts));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().get("message").asText()).contains("more than 64 answers");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prompt | 5 | prompt",
                "prompt | [] | prompt",
                "prompt | [[]] | prompt[0]",
                "prompt | [1, \"a\"] | prompt[1]",
                "prompt | [\"a\", 1] | prompt[1]",
                "prompt | [1, 99999999] | prompt",
                "prompt | [1, -1] | prompt",
                "prompt | [\"a\", \"b\"] | images",
                "prompt | \"no place for a picture\" | prompt",
                "images | [\"data:,x\"] | images[0]",
                "images | [5] | images[0]",
                "suffix | \"x\" | suffix",
                "best_of | 3 | best_of",
                "max_tokens | 0 | max_tokens",
                "use_beam_search | true | use_beam_search",
                "multi_modal_data | {\"image\": []} | multi_modal_data",
                "n | 0 | n",
            })
    void nameWhatTheyCannotServe(String field, String value, String param) throws Exception {
        RunningService.Reply reply = send(body().set(field, JSON.readTree(value)));

        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.error().get("param").asText()).isEqualTo(param);
    }

    @Test
    void answerOrRefuseWhateverComes() throws Exception {
        byte[] body = body().put("max_tokens", 1).toString().getBytes(StandardCharsets.UTF_8);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        for (int i = 0; i < 150; i++) {
            byte[] mutated = Mutations.of(body, random);
            RunningService.Reply reply = service.send(service.request("/v1/completions")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(mutated)));

            assertThat(reply.status())
                    .as(new String(mutated, StandardCharsets.UTF_8))
                    .isIn(200, 400, 404, 422);
        }
    }
}
