package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;

/**
 * The body of {@code POST /v1/chat/completions}. Every field but {@code messages} may be null, which leaves it to the
 * server. Values are as the client wrote them: {@link ChatRequestMapper} checks their ranges.
 *
 * @param model the model asked for
 * @param messages the turns so far
 * @param maxTokens the most tokens to generate; the older name of {@code maxCompletionTokens}
 * @param maxCompletionTokens the most tokens to generate; wins over {@code maxTokens}
 * @param temperature 0 for the most likely token always
 * @param topP draw from the most likely tokens that together have this probability
 * @param topK draw from this many most likely tokens; 0 or -1 for all
 * @param minP draw from tokens at least this likely relative to the most likely one
 * @param seed decides the random draws
 * @param stop texts before which the answer ends
 * @param presencePenalty subtracted from the logit of a token that the answer holds
 * @param frequencyPenalty subtracted from the logit of a token for each time that the answer holds it
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens seen before
 * @param logitBias added to the logits of the tokens with these ids
 * @param logprobs whether the answer tells the log-probability of each token
 * @param topLogprobs the number of most likely tokens told at each place; needs {@code logprobs}
 * @param n the number of answers
 * @param stream whether the answer comes in pieces
 * @param streamOptions what a stream tells besides the answer
 * @param tools the tools that the model may call
 * @param toolChoice whether it calls them
 * @param parallelToolCalls whether one answer may have several calls; null for true
 * @param ignoreEos whether the answer goes on where the model would end it (vLLM's)
 * @param skipSpecialTokens whether special tokens are left out of the text (vLLM's)
 * @param minTokens the fewest tokens before the answer may end (vLLM's)
 * @param stopTokenIds ids of tokens that end the answer (vLLM's)
 * @param includeStopStrInOutput whether the text holds what ended it (vLLM's)
 * @param badWords texts that the answer must not hold (vLLM's)
 * @param allowedTokenIds ids of the only tokens that the answer may hold (vLLM's)
 * @param promptLogprobs the number of most likely tokens told at each place of the prompt, besides its own token (vLLM's)
 * @param repetitionDetection how often the answer may repeat itself before it is ended (vLLM's)
 * @param addGenerationPrompt whether a turn of the assistant is begun for the answer; null for true (vLLM's)
 * @param continueFinalMessage whether the answer goes on with the last message instead (vLLM's)
 * @param responseFormat the form that the answer must have; null for text of any form
 * @param structuredOutputs the same in vLLM's words
 * @param guidedDecoding the same in vLLM's older words
 * @param mmProcessorKwargs the limits of pictures that name none of their own (vLLM's)
 * @param boxes whether each choice tells where the answer says that things are (this service's own)
 * @param raw whether each message is a whole prompt, to be used without a chat template; never in JSON
 * @param user whom the request is made for
 * @param metadata notes of the client
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ChatCompletionRequest(
        String model,
        List<RequestMessage> messages,
        Integer maxTokens,
        Integer maxCompletionTokens,
        Double temperature,
        Double topP,
        Integer topK,
        Double minP,
        Long seed,
        List<String> stop,
        Double presencePenalty,
        Double frequencyPenalty,
        Double repetitionPenalty,
        Map<Integer, Double> logitBias,
        Boolean logprobs,
        Integer topLogprobs,
        Integer n,
        Boolean stream,
        StreamOptions streamOptions,
        List<RequestTool> tools,
        RequestToolChoice toolChoice,
        Boolean parallelToolCalls,
        Boolean ignoreEos,
        Boolean skipSpecialTokens,
        Integer minTokens,
        List<Integer> stopTokenIds,
        Boolean includeStopStrInOutput,
        List<String> badWords,
        List<Integer> allowedTokenIds,
        Integer promptLogprobs,
        RepetitionDetection repetitionDetection,
        Boolean addGenerationPrompt,
        Boolean continueFinalMessage,
        ResponseFormat responseFormat,
        StructuredOutputs structuredOutputs,
        @JsonUnwrapped GuidedDecoding guidedDecoding,
        MmProcessorKwargs mmProcessorKwargs,
        Boolean boxes,
        @JsonIgnore boolean raw,
        String user,
        Map<String, String> metadata) {
    public ChatCompletionRequest {
        messages = List.copyOf(messages);
        tools = tools == null ? null : List.copyOf(tools);
        stop = stop == null ? null : List.copyOf(stop);
        stopTokenIds = stopTokenIds == null ? null : List.copyOf(stopTokenIds);
        badWords = badWords == null ? null : List.copyOf(badWords);
        allowedTokenIds = allowedTokenIds == null ? null : List.copyOf(allowedTokenIds);
        logitBias = logitBias == null ? null : Map.copyOf(logitBias);
        metadata = metadata == null ? null : Map.copyOf(metadata);
    }

    /** The number of pictures in its messages. */
    public long pictures() {
        return messages.stream()
                .flatMap(message -> message.parts().stream())
                .filter(ImageContent.class::isInstance)
                .count();
    }

    /** Whether each choice tells boxes. */
    @JsonIgnore
    public boolean areBoxesWanted() {
        return Boolean.TRUE.equals(boxes);
    }

    /** Whether the last chunk of a stream tells the usage. */
    @JsonIgnore
    public boolean isUsageIncluded() {
        return streamOptions != null && Boolean.TRUE.equals(streamOptions.includeUsage());
    }

    /** This request as JSON, without the fields that are null. */
    public String toJson() {
        return Json.write(this);
    }

    /** Begins a request. */
    public static ChatCompletionRequestBuilder builder() {
        return new ChatCompletionRequestBuilder();
    }
}
