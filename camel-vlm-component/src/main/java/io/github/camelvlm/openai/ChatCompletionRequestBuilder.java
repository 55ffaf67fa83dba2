package io.github.camelvlm.openai;

import java.util.List;
import java.util.Map;

/**
 * Collects the fields of a {@link ChatCompletionRequest} one by one; what is not set stays null, but for messages, which
 * stay empty. Each method is called as its field, and is described there.
 */
public final class ChatCompletionRequestBuilder {
    private String model;
    private List<RequestMessage> messages = List.of();
    private Integer maxTokens;
    private Integer maxCompletionTokens;
    private Double temperature;
    private Double topP;
    private Integer topK;
    private Double minP;
    private Long seed;
    private List<String> stop;
    private Double presencePenalty;
    private Double frequencyPenalty;
    private Double repetitionPenalty;
    private Map<Integer, Double> logitBias;
    private Boolean logprobs;
    private Integer topLogprobs;
    private Integer n;
    private Boolean stream;
    private StreamOptions streamOptions;
    private List<RequestTool> tools;
    private RequestToolChoice toolChoice;
    private Boolean parallelToolCalls;
    private Boolean ignoreEos;
    private Boolean skipSpecialTokens;
    private Integer minTokens;
    private List<Integer> stopTokenIds;
    private Boolean includeStopStrInOutput;
    private List<String> badWords;
    private List<Integer> allowedTokenIds;
    private Integer promptLogprobs;
    private RepetitionDetection repetitionDetection;
    private Boolean addGenerationPrompt;
    private Boolean continueFinalMessage;
    private ResponseFormat responseFormat;
    private StructuredOutputs structuredOutputs;
    private GuidedDecoding guidedDecoding;
    private MmProcessorKwargs mmProcessorKwargs;
    private Boolean boxes;
    private boolean raw;
    private String user;
    private Map<String, String> metadata;

    ChatCompletionRequestBuilder() {}

    public ChatCompletionRequestBuilder model(String value) {
        model = value;
        return this;
    }

    public ChatCompletionRequestBuilder messages(List<RequestMessage> value) {
        messages = value;
        return this;
    }

    public ChatCompletionRequestBuilder maxTokens(Integer value) {
        maxTokens = value;
        return this;
    }

    public ChatCompletionRequestBuilder maxCompletionTokens(Integer value) {
        maxCompletionTokens = value;
        return this;
    }

    public ChatCompletionRequestBuilder temperature(Double value) {
        temperature = value;
        return this;
    }

    public ChatCompletionRequestBuilder topP(Double value) {
        topP = value;
        return this;
    }

    public ChatCompletionRequestBuilder topK(Integer value) {
        topK = value;
        return this;
    }

    public ChatCompletionRequestBuilder minP(Double value) {
        minP = value;
        return this;
    }

    public ChatCompletionRequestBuilder seed(Long value) {
        seed = value;
        return this;
    }

    public ChatCompletionRequestBuilder stop(List<String> value) {
        stop = value;
        return this;
    }

    public ChatCompletionRequestBuilder presencePenalty(Double value) {
        presencePenalty = value;
        return this;
    }

    public ChatCompletionRequestBuilder frequencyPenalty(Double value) {
        frequencyPenalty = value;
        return this;
    }

    public ChatCompletionRequestBuilder repetitionPenalty(Double value) {
        repetitionPenalty = value;
        return this;
    }

    public ChatCompletionRequestBuilder logitBias(Map<Integer, Double> value) {
        logitBias = value;
        return this;
    }

    public ChatCompletionRequestBuilder logprobs(Boolean value) {
        logprobs = value;
        return this;
    }

    public ChatCompletionRequestBuilder topLogprobs(Integer value) {
        topLogprobs = value;
        return this;
    }

    public ChatCompletionRequestBuilder n(Integer value) {
        n = value;
        return this;
    }

    public ChatCompletionRequestBuilder stream(Boolean value) {
        stream = value;
        return this;
    }

    public ChatCompletionRequestBuilder streamOptions(StreamOptions value) {
        streamOptions = value;
        return this;
    }

    public ChatCompletionRequestBuilder tools(List<RequestTool> value) {
        tools = value;
        return this;
    }

    public ChatCompletionRequestBuilder toolChoice(RequestToolChoice value) {
        toolChoice = value;
        return this;
    }

    public ChatCompletionRequestBuilder parallelToolCalls(Boolean value) {
        parallelToolCalls = value;
        return this;
    }

    public ChatCompletionRequestBuilder ignoreEos(Boolean value) {
        ignoreEos = value;
        return this;
    }

    public ChatCompletionRequestBuilder skipSpecialTokens(Boolean value) {
        skipSpecialTokens = value;
        return this;
    }

    public ChatCompletionRequestBuilder minTokens(Integer value) {
        minTokens = value;
        return this;
    }

    public ChatCompletionRequestBuilder stopTokenIds(List<Integer> value) {
        stopTokenIds = value;
        return this;
    }

    public ChatCompletionRequestBuilder includeStopStrInOutput(Boolean value) {
        includeStopStrInOutput = value;
        return this;
    }

    public ChatCompletionRequestBuilder badWords(List<String> value) {
        badWords = value;
        return this;
    }

    public ChatCompletionRequestBuilder allowedTokenIds(List<Integer> value) {
        allowedTokenIds = value;
        return this;
    }

    public ChatCompletionRequestBuilder promptLogprobs(Integer value) {
        promptLogprobs = value;
        return this;
    }

    public ChatCompletionRequestBuilder repetitionDetection(RepetitionDetection value) {
        repetitionDetection = value;
        return this;
    }

    public ChatCompletionRequestBuilder addGenerationPrompt(Boolean value) {
        addGenerationPrompt = value;
        return this;
    }

    public ChatCompletionRequestBuilder continueFinalMessage(Boolean value) {
        continueFinalMessage = value;
        return this;
    }

    public ChatCompletionRequestBuilder responseFormat(ResponseFormat value) {
        responseFormat = value;
        return this;
    }

    public ChatCompletionRequestBuilder structuredOutputs(StructuredOutputs value) {
        structuredOutputs = value;
        return this;
    }

    public ChatCompletionRequestBuilder guidedDecoding(GuidedDecoding value) {
        guidedDecoding = value;
        return this;
    }

    public ChatCompletionRequestBuilder mmProcessorKwargs(MmProcessorKwargs value) {
        mmProcessorKwargs = value;
        return this;
    }

    public ChatCompletionRequestBuilder boxes(Boolean value) {
        boxes = value;
        return this;
    }

    public ChatCompletionRequestBuilder raw(boolean value) {
        raw = value;
        return this;
    }

    public ChatCompletionRequestBuilder user(String value) {
        user = value;
        return this;
    }

    public ChatCompletionRequestBuilder metadata(Map<String, String> value) {
        metadata = value;
        return this;
    }

    /** The request. */
    public ChatCompletionRequest build() {
        return new ChatCompletionRequest(
                model,
                messages,
                maxTokens,
                maxCompletionTokens,
                temperature,
                topP,
                topK,
                minP,
                seed,
                stop,
                presencePenalty,
                frequencyPenalty,
                repetitionPenalty,
                logitBias,
                logprobs,
                topLogprobs,
                n,
                stream,
                streamOptions,
                tools,
                toolChoice,
                parallelToolCalls,
                ignoreEos,
                skipSpecialTokens,
                minTokens,
                stopTokenIds,
                includeStopStrInOutput,
                badWords,
                allowedTokenIds,
                promptLogprobs,
                repetitionDetection,
                addGenerationPrompt,
                continueFinalMessage,
                responseFormat,
                structuredOutputs,
                guidedDecoding,
                mmProcessorKwargs,
                boxes,
                raw,
                user,
                metadata);
    }
}
