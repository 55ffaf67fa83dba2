package io.github.camelvlm.completions;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.dialect.AnswerStream;
import io.github.camelvlm.dialect.Dialogue;
import io.github.camelvlm.dialect.Turns;
import io.github.camelvlm.dialect.Turns.Placed;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionReader;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.ContentPart;
import io.github.camelvlm.openai.ImageContentReader;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.JsonValue;
import io.github.camelvlm.openai.OpenAiError;
import io.github.camelvlm.openai.StreamOptions;
import io.github.camelvlm.openai.TextContent;
import io.github.camelvlm.openai.TokensContent;
import io.github.camelvlm.openai.UnservedRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One request to go on with a text. */
final class PromptDialogue implements Dialogue {
    /** As OpenAI and vLLM have it where a request says nothing. */
    private static final int DEFAULT_TOKENS = 16;

    /** What the client calls fields of the chat completion. */
    private static final Map<String, String> NAMES = Map.of("top_logprobs", "logprobs", "messages", "prompt");

    /** The most answers to all prompts together, so that one request leaves room in the queue for others. */
    private static final int MOST_ANSWERS = 64;

    private static final UnservedRules UNSERVED = new UnservedRules()
            .add(List.of("suffix", "prompt_embeds", "prompt_logprobs"), UnservedRules::isEmpty, UnservedRules.LEAVE_OUT)
            .add("multi_modal_data", UnservedRules::isEmpty, "is not served here: send pictures as images")
            .add(
                    List.of(
                            "response_format",
                            "structured_outputs",
                            "structural_tag",
                            "guided_json",
                            "guided_regex",
                            "guided_choice",
                            "guided_grammar"),
                    UnservedRules::never,
                    "is not served with a prompt: ask for a chat completion");

    private final ChatCompletionRequest request;
    private final Turns turns;
    private final List<String> echoes;

    /** @param echoes what each answer begins with, one for each prompt; may be empty texts */
    private PromptDialogue(ChatCompletionRequest request, Turns turns, List<String> echoes) {
        this.request = request;
        this.turns = turns;
        this.echoes = List.copyOf(echoes);
    }

    /** @throws InvalidRequestException if it cannot be read, or asks for what is not served */
    static PromptDialogue read(JsonValue body) {
        UNSERVED.refuse(body.requireObject());
        List<Placed> prompts = prompts(body.get("prompt"));
        Integer n = body.get("n").integer();
        Integer logprobs = body.get("logprobs").integer();
        boolean isEchoed = Boolean.TRUE.equals(body.get("echo").bool());
        if (isEchoed && logprobs != null) {
            throw body.get("echo").unserved("is not served together with logprobs: leave one of them out");
        }
        Integer best = body.get("best_of").integer();
        if (best != null && best != (n == null ? 1 : n)) {
            throw body.get("best_of").unserved("must be as many as n: the best of more is not looked for here");
        }
        Integer maxTokens = body.get("max_tokens").integer();
        if ((long) prompts.size() * (n == null ? 1 : Math.max(n, 1)) > MOST_ANSWERS) {
            throw new InvalidRequestException(
                    "prompt",
                    "asks for more than " + MOST_ANSWERS + " answers with " + prompts.size()
                            + " prompts: send them in several requests");
        }
        List<Placed> images = new ArrayList<>();
        if (!body.get("images").isAbsent() && !body.get("images").isEmpty()) {
            if (prompts.size() > 1) {
                throw body.get("images").unserved("are served with one prompt alone: send a request for each");
            }
            body.get("images")
                    .list()
                    .forEach(image -> images.add(new Placed(ImageContentReader.address(image), image.path())));
        }
        Turns turns = new Turns();
        for (Placed prompt : prompts) {
            turns.add(
                    "user",
                    prompt.path(),
                    Stream.concat(Stream.of(prompt), images.stream()).toList());
        }
        ChatCompletionRequest request = ChatCompletionReader.drawing(body)
                .raw(true)
                .model(body.get("model").string())
                .messages(turns.messages())
                .maxTokens(maxTokens == null ? Integer.valueOf(DEFAULT_TOKENS) : maxTokens)
                .logprobs(logprobs == null ? null : Boolean.TRUE)
                .topLogprobs(logprobs)
                .n(n)
                .stream(Boolean.TRUE.equals(body.get("stream").bool()))
                .streamOptions(StreamOptions.read(body.get("stream_options")))
                .user(body.get("user").string())
                .build();
        return new PromptDialogue(
                request,
                turns,
                prompts.stream()
                        .map(prompt -> isEchoed ? echo(prompt.part(), body.get("echo")) : "")
                        .toList());
    }

    private static List<Placed> prompts(JsonValue prompt) {
        if (prompt.isString()) {
            return List.of(single(prompt));
        }
        if (!prompt.isList()) {
            throw prompt.mustBe("a string, token ids, or a list of these");
        }
        List<JsonValue> prompts = prompt.list();
        if (prompts.isEmpty()) {
            throw prompt.mustBe("a string, token ids, or a list of these, and not empty");
        }
        if (prompts.get(0).node().isNumber()) {
            return List.of(single(prompt));
        }
        return prompts.stream().map(PromptDialogue::single).toList();
    }

    private static Placed single(JsonValue prompt) {
        return new Placed(prompt.isList() ? tokens(prompt) : new TextContent(prompt.requireString()), prompt.path());
    }

    private static ContentPart tokens(JsonValue ids) {
        if (ids.list().isEmpty()) {
            throw ids.mustBe("token ids, and not empty");
        }
        return new TokensContent(
                ids.list().stream().map(JsonValue::requireInteger).toList());
    }

    private static String echo(ContentPart prompt, JsonValue echo) {
        if (prompt instanceof TextContent text) {
            return text.text();
        }
        throw echo.unserved("is not served with token ids: send the text, which /detokenize makes of them");
    }

    /** What an answer begins with. */
    private String echo(int choice) {
        return echoes.get(choice / (request.n() == null ? 1 : request.n()));
    }

    @Override
    public ChatCompletionRequest request() {
        return request;
    }

    @Override
    public JsonBody answer(ChatCompletion completion) {
        return TextCompletion.of(completion, this::echo);
    }

    @Override
    public AnswerStream stream() {
        return new TextStream(this::echo);
    }

    @Override
    public OpenAiError retold(OpenAiError error) {
        return turns.retold(error, NAMES);
    }
}
