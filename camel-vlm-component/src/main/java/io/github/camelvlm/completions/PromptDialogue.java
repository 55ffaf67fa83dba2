package io.github.camelvlm.completions;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.dialect.AnswerStream;
import io.github.camelvlm.dialect.Dialogue;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionReader;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.ContentPart;
import io.github.camelvlm.openai.ImageContentReader;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.JsonValue;
import io.github.camelvlm.openai.OpenAiError;
import io.github.camelvlm.openai.RepetitionDetection;
import io.github.camelvlm.openai.RequestMessage;
import io.github.camelvlm.openai.StreamOptions;
import io.github.camelvlm.openai.TextContent;
import io.github.camelvlm.openai.TokensContent;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One request to go on with a text. */
final class PromptDialogue implements Dialogue {
    /** As OpenAI and vLLM have it where a request says nothing. */
    private static final int DEFAULT_TOKENS = 16;

    private static final Pattern PICTURE = Pattern.compile("messages\\[0]\\.content\\[(\\d{1,9})]");

    /** The most answers to all prompts together, so that one request leaves room in the queue for others. */
    private static final int MOST_ANSWERS = 64;

    private final ChatCompletionRequest request;
    private final List<String> echoes;

    /** @param echoes what each answer begins with, one for each prompt; may be empty texts */
    private PromptDialogue(ChatCompletionRequest request, List<String> echoes) {
        this.request = request;
        this.echoes = List.copyOf(echoes);
    }

    /** @throws InvalidRequestException if it cannot be read, or asks for what is not served */
    static PromptDialogue read(JsonValue body) {
        refuse(body.requireObject());
        List<ContentPart> prompts = prompts(body.get("prompt"));
        Integer n = body.get("n").integer();
        Integer logprobs = body.get("logprobs").integer();
        boolean isEchoed = Boolean.TRUE.equals(body.get("echo").bool());
        if (isEchoed && logprobs != null) {
            throw unserved("echo", "is not served together with logprobs: leave one of them out");
        }
        Integer best = body.get("best_of").integer();
        if (best != null && best != (n == null ? 1 : n)) {
            throw unserved("best_of", "must be as many as n: the best of more is not looked for here");
        }
        Integer maxTokens = body.get("max_tokens").integer();
        if ((long) prompts.size() * (n == null ? 1 : Math.max(n, 1)) > MOST_ANSWERS) {
            throw new InvalidRequestException(
                    "prompt",
                    "asks for more than " + MOST_ANSWERS + " answers with " + prompts.size()
                            + " prompts: send them in several requests");
        }
        List<List<ContentPart>> messages = new ArrayList<>();
        prompts.forEach(prompt -> messages.add(new ArrayList<>(List.of(prompt))));
        if (!body.get("images").isAbsent() && !body.get("images").isEmpty()) {
            if (prompts.size() > 1) {
                throw unserved("images", "are served with one prompt alone: send a request for each");
            }
            body.get("images").list().forEach(image -> messages.get(0).add(ImageContentReader.address(image)));
        }
        JsonValue options = body.get("stream_options");
        ChatCompletionRequest request = ChatCompletionRequest.builder()
                .raw(true)
                .model(body.get("model").string())
                .messages(messages.stream()
                        .map(parts -> new RequestMessage("user", parts))
                        .toList())
                .maxTokens(maxTokens == null ? Integer.valueOf(DEFAULT_TOKENS) : maxTokens)
                .temperature(body.get("temperature").number())
                .topP(body.get("top_p").number())
                .topK(body.get("top_k").integer())
                .minP(body.get("min_p").number())
                .seed(body.get("seed").longInteger())
                .stop(ChatCompletionReader.stop(body.get("stop")))
                .presencePenalty(body.get("presence_penalty").number())
                .frequencyPenalty(body.get("frequency_penalty").number())
                .repetitionPenalty(body.get("repetition_penalty").number())
                .ignoreEos(body.get("ignore_eos").bool())
                .repetitionDetection(RepetitionDetection.read(body))
                .minTokens(body.get("min_tokens").integer())
                .logprobs(logprobs == null ? null : Boolean.TRUE)
                .topLogprobs(logprobs)
                .n(n)
                .stream(Boolean.TRUE.equals(body.get("stream").bool()))
                .streamOptions(
                        options.isAbsent()
                                ? null
                                : new StreamOptions(options.requireObject()
                                        .get("include_usage")
                                        .bool()))
                .user(body.get("user").string())
                .build();
        return new PromptDialogue(
                request,
                prompts.stream().map(prompt -> isEchoed ? echo(prompt) : "").toList());
    }

    private static void refuse(JsonValue body) {
        for (String name : List.of("suffix", "prompt_embeds", "multi_modal_data", "prompt_logprobs", "logit_bias")) {
            if (!body.get(name).isAbsent() && !body.get(name).isEmpty()) {
                throw unserved(
                        name,
                        name.equals("multi_modal_data")
                                ? "is not served here: send pictures as images"
                                : "is not served here: leave it out");
            }
        }
        for (String name :
                List.of("response_format", "structured_outputs", "guided_json", "guided_regex", "guided_choice")) {
            if (!body.get(name).isAbsent()) {
                throw unserved(name, "is not served with a prompt: ask for a chat completion");
            }
        }
    }

    private static List<ContentPart> prompts(JsonValue prompt) {
        if (prompt.isString()) {
            return List.of(new TextContent(prompt.requireString()));
        }
        if (!prompt.isList()) {
            throw prompt.mustBe("a string, token ids, or a list of these");
        }
        List<JsonValue> prompts = prompt.list();
        if (prompts.isEmpty()) {
            throw prompt.mustBe("a string, token ids, or a list of these, and not empty");
        }
        if (prompts.get(0).node().isNumber()) {
            return List.of(tokens(prompt));
        }
        return prompts.stream().map(PromptDialogue::single).toList();
    }

    private static ContentPart single(JsonValue prompt) {
        return prompt.isList() ? tokens(prompt) : new TextContent(prompt.requireString());
    }

    private static ContentPart tokens(JsonValue ids) {
        if (ids.list().isEmpty()) {
            throw ids.mustBe("token ids, and not empty");
        }
        return new TokensContent(
                ids.list().stream().map(JsonValue::requireInteger).toList());
    }

    private static String echo(ContentPart prompt) {
        if (prompt instanceof TextContent text) {
            return text.text();
        }
        throw unserved("echo", "is not served with token ids: send the text, which /detokenize makes of them");
    }

    /** What an answer begins with. */
    private String echo(int choice) {
        return echoes.get(choice / (request.n() == null ? 1 : request.n()));
    }

    private static InvalidRequestException unserved(String field, String problem) {
        return new InvalidRequestException(field, problem, "unsupported_value");
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
        OpenAiError.Detail detail = error.error();
        return new OpenAiError(
                error.status(),
                new OpenAiError.Detail(retold(detail.message()), detail.type(), retold(detail.param()), detail.code()));
    }

    /** The first part of the message is the prompt, the others are the pictures. */
    private static String retold(String text) {
        if (text == null) {
            return null;
        }
        String told = text;
        Matcher place = PICTURE.matcher(text);
        if (place.find()) {
            told = place.replaceAll(found -> "images[" + (Integer.parseInt(found.group(1)) - 1) + "]");
        }
        return told.equals("top_logprobs") ? "logprobs" : told.equals("messages") ? "prompt" : told;
    }
}
