package io.github.camelvlm.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.core.JsonField;
import com.openai.core.JsonValue;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageParam;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.ChatRequestWriter;
import io.github.camelvlm.openai.StreamOptions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is sent for one answer.
 *
 * @param params for OpenAI's client, with marks for the pictures
 * @param dispensable what it asks for, and without which the answer is of use too
 * @param pictures those that go where the marks are
 * @param sampling what is asked of the answer's tokens
 * @param maxAnswerBytes the most bytes that the answer can have
 */
record RequestBody(
        ChatCompletionCreateParams params,
        Set<Dispensable> dispensable,
        SentPictures pictures,
        SamplingOptions sampling,
        long maxAnswerBytes) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** No model has answers longer than this. */
    private static final int MOST_TOKENS = 32_768;
    /** A chunk repeats the id of the answer and the name of the model, and tells the text and the log-probability. */
    private static final long BYTES_PER_TOKEN = 4096;

    private static final long BYTES_PER_ALTERNATIVE = 1024;
    private static final long BYTES_BESIDES = 65_536;

    /** @param answer which of several answers to the request it is, from 0 */
    static RequestBody of(ChatRequest request, String baseModel, int answer) {
        // Servers have an adapter beside the model under a name of its own.
        String model = request.adapter() == null ? baseModel : request.adapter();
        SamplingOptions sampling = request.sampling().forAnswer(answer);
        SentPictures pictures = new SentPictures();
        ChatCompletionRequest written = ChatRequestWriter.write(
                        new ChatRequest(
                                request.messages(),
                                request.tools(),
                                request.continuation(),
                                sampling,
                                request.timeLimit()),
                        model,
                        pictures::add)
                .stream(true)
                .streamOptions(new StreamOptions(true))
                .build();
        ChatCompletionCreateParams params = params(JSON.valueToTree(written), model);
        return new RequestBody(params, dispensable(request), pictures, sampling, maxBytes(sampling));
    }

    private static Set<Dispensable> dispensable(ChatRequest request) {
        Set<Dispensable> dispensable = EnumSet.noneOf(Dispensable.class);
        if (request.areLogprobsOptional()) {
            dispensable.add(Dispensable.LOGPROBS);
        }
        // An answer that does not repeat itself is the same without.
        if (request.sampling().repetition() != null) {
            dispensable.add(Dispensable.REPETITION);
        }
        return dispensable;
    }

    /** What is sent to a server that does not know some of what the answer is of use without. */
    ChatCompletionCreateParams without(Set<Dispensable> unknown) {
        ChatCompletionCreateParams.Builder fewer = params.toBuilder();
        unknown.stream()
                .filter(dispensable::contains)
                .flatMap(each -> each.fields().stream())
                .forEach(fewer::removeAdditionalBodyProperty);
        return fewer.build();
    }

    private static ChatCompletionCreateParams params(JsonNode body, String model) {
        ChatCompletionCreateParams.Builder params =
                ChatCompletionCreateParams.builder().model(model);
        body.properties().forEach(field -> {
            switch (field.getKey()) {
                case "messages" -> params.messages(messages(field.getValue()));
                // The client writes these two itself.
                case "model", "stream" -> {}
                default -> params.putAdditionalBodyProperty(field.getKey(), JsonValue.from(field.getValue()));
            }
        });
        return params.build();
    }

    /** The client takes JSON for any field, but has no type for it. */
    @SuppressWarnings("unchecked")
    private static JsonField<List<ChatCompletionMessageParam>> messages(JsonNode messages) {
        return (JsonField<List<ChatCompletionMessageParam>>) (JsonField<?>) JsonValue.from(messages);
    }

    private static long maxBytes(SamplingOptions sampling) {
        int tokens = sampling.maxTokens() == null ? MOST_TOKENS : Math.min(sampling.maxTokens(), MOST_TOKENS);
        int alternatives = sampling.topLogprobs() == null ? 0 : sampling.topLogprobs();
        return BYTES_BESIDES + tokens * (BYTES_PER_TOKEN + alternatives * BYTES_PER_ALTERNATIVE);
    }
}
