package io.github.camelvlm.openai;

import io.github.camelvlm.chat.InvalidRequestException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads a {@link ChatCompletionRequest} from JSON. Fields that it knows must have the right type; those that OpenAI or
 * vLLM has, and that would change the answer but are not served, are refused; others are passed over.
 *
 * <p>A body may nest 100 levels and a string of it, such as a picture in base64, have 100,000,000 characters.
 *
 * <p>All methods throw {@link InvalidRequestException} if the body is not JSON or a field has another type than it must
 * have; the message names the place.
 */
public final class ChatCompletionReader {
    private static final Pattern TOKEN_ID = Pattern.compile("[0-9]{1,9}");

    private ChatCompletionReader() {}

    /** Reads JSON text. */
    public static ChatCompletionRequest read(String body) {
        return read(Json.parse(body));
    }

    /** Reads JSON in UTF-8, UTF-16 or UTF-32. */
    public static ChatCompletionRequest read(byte[] body) {
        return read(Json.parse(body));
    }

    /** Reads JSON in UTF-8, UTF-16 or UTF-32 to the end of the stream, and closes it. */
    public static ChatCompletionRequest read(InputStream body) {
        return read(Json.parse(body));
    }

    /** Reads a map as a JSON library makes it: of maps, lists, strings, numbers and booleans. */
    public static ChatCompletionRequest read(Map<?, ?> body) {
        return read(Json.from(body));
    }

    static ChatCompletionRequest read(JsonValue body) {
        body.requireObject();
        UnservedFields.refuse(body);
        return drawing(body)
                .model(body.get("model").string())
                .messages(body.get("messages").list().stream()
                        .map(RequestMessageReader::read)
                        .toList())
                .maxTokens(body.get("max_tokens").integer())
                .maxCompletionTokens(body.get("max_completion_tokens").integer())
                .logprobs(body.get("logprobs").bool())
                .topLogprobs(body.get("top_logprobs").integer())
                .n(body.get("n").integer())
                .stream(body.get("stream").bool())
                .streamOptions(StreamOptions.read(body.get("stream_options")))
                .tools(list(body.get("tools"), RequestTool::read))
                .toolChoice(RequestToolChoice.read(body.get("tool_choice")))
                .parallelToolCalls(body.get("parallel_tool_calls").bool())
                .addGenerationPrompt(body.get("add_generation_prompt").bool())
                .continueFinalMessage(body.get("continue_final_message").bool())
                .responseFormat(ResponseFormat.read(body.get(ResponseFormat.FIELD)))
                .structuredOutputs(StructuredOutputs.read(body.get(StructuredOutputs.FIELD)))
                .guidedDecoding(GuidedDecoding.read(body))
                .mmProcessorKwargs(mmProcessorKwargs(body.get("mm_processor_kwargs")))
                .boxes(body.get("boxes").bool())
                .user(body.get("user").string())
                .metadata(body.get("metadata").stringFields())
                .build();
    }

    /**
     * Begins a request with the fields by which tokens are drawn, and at which the answer ends. OpenAI's and vLLM's names of
     * them are the same in chat completions, completions and responses.
     *
     * @param body an object
     * @throws InvalidRequestException if one has another type than it must have, or would change the answer and is not served
     */
    public static ChatCompletionRequestBuilder drawing(JsonValue body) {
        UnservedFields.refuseDrawing(body);
        return ChatCompletionRequest.builder()
                .temperature(body.get("temperature").number())
                .topP(body.get("top_p").number())
                .topK(body.get("top_k").integer())
                .minP(body.get("min_p").number())
                .seed(body.get("seed").longInteger())
                .stop(stop(body.get("stop")))
                .presencePenalty(body.get("presence_penalty").number())
                .frequencyPenalty(body.get("frequency_penalty").number())
                .repetitionPenalty(body.get("repetition_penalty").number())
                .logitBias(logitBias(body.get("logit_bias")))
                .ignoreEos(body.get("ignore_eos").bool())
                .skipSpecialTokens(body.get("skip_special_tokens").bool())
                .minTokens(body.get("min_tokens").integer())
                .stopTokenIds(list(body.get("stop_token_ids"), JsonValue::requireInteger))
                .includeStopStrInOutput(body.get("include_stop_str_in_output").bool())
                .badWords(body.get("bad_words").strings())
                .allowedTokenIds(list(body.get("allowed_token_ids"), JsonValue::requireInteger))
                .promptLogprobs(body.get("prompt_logprobs").integer())
                .repetitionDetection(RepetitionDetection.read(body));
    }

    private static <T> List<T> list(JsonValue list, Function<JsonValue, T> element) {
        return list.isAbsent() ? null : list.list().stream().map(element).toList();
    }

    private static MmProcessorKwargs mmProcessorKwargs(JsonValue kwargs) {
        return kwargs.isAbsent() ? null : MmProcessorKwargs.read(kwargs);
    }

    /**
     * Texts that end an answer: one, a list, or null where there are none.
     *
     * @throws InvalidRequestException if it is something else
     */
    public static List<String> stop(JsonValue stop) {
        if (stop.isAbsent()) {
            return null;
        }
        if (stop.isString()) {
            return List.of(stop.requireString());
        }
        if (!stop.isList()) {
            throw stop.mustBe("a string or a list of strings");
        }
        return stop.list().stream().map(JsonValue::requireString).toList();
    }

    private static Map<Integer, Double> logitBias(JsonValue logitBias) {
        if (logitBias.isAbsent()) {
            return null;
        }
        Map<Integer, Double> biases = new LinkedHashMap<>();
        logitBias.fields().forEach((id, bias) -> biases.put(tokenId(id, logitBias), bias.requireNumber()));
        return biases;
    }

    private static Integer tokenId(String id, JsonValue logitBias) {
        if (!TOKEN_ID.matcher(id).matches()) {
            throw new InvalidRequestException(
                    logitBias.path(), "must have token ids as its names, but has \"" + JsonValue.clip(id) + "\"");
        }
        return Integer.valueOf(id);
    }
}
