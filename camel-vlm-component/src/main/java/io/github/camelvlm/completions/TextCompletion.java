package io.github.camelvlm.completions;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionChunk;
import io.github.camelvlm.openai.ChoiceLogprobs;
import io.github.camelvlm.openai.CompletionUsage;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.ToldReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** A text that goes on with a prompt, or a piece of one. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record TextCompletion(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        @JsonInclude(JsonInclude.Include.NON_NULL) CompletionUsage usage,
        String systemFingerprint)
        implements JsonBody {
    private static final String OBJECT = "text_completion";

    /** One text. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Choice(
            int index,
            String text,
            Logprobs logprobs,
            String finishReason,
            @JsonInclude(JsonInclude.Include.NON_NULL) String vlmFinishReason) {
        @JsonProperty("stop_reason")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        String stopReason() {
            return ToldReason.stopReason(vlmFinishReason);
        }
    }

    /** What is told of each token, in lists of one length. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Logprobs(
            List<String> tokens,
            List<Double> tokenLogprobs,
            List<Map<String, Double>> topLogprobs,
            List<Integer> textOffset) {
        /** @param offset where the first of the tokens stands in the text */
        static Logprobs of(ChoiceLogprobs logprobs, int offset) {
            if (logprobs == null) {
                return null;
            }
            Logprobs told = new Logprobs(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            int at = offset;
            for (ChoiceLogprobs.Token token : logprobs.content()) {
                told.tokens.add(token.token());
                told.tokenLogprobs.add(token.logprob());
                Map<String, Double> top = new LinkedHashMap<>();
                token.topLogprobs().forEach(other -> top.putIfAbsent(other.token(), other.logprob()));
                told.topLogprobs.add(top);
                told.textOffset.add(at);
                at += token.token().length();
            }
            return told;
        }
    }

    /** @param echoes what the text of each choice begins with, by its index */
    static TextCompletion of(ChatCompletion whole, IntFunction<String> echoes) {
        List<Choice> choices = new ArrayList<>();
        for (ChatCompletion.Choice choice : whole.choices()) {
            String text =
                    choice.message().content() == null ? "" : choice.message().content();
            choices.add(new Choice(
                    choice.index(),
                    echoes.apply(choice.index()) + text,
                    Logprobs.of(choice.logprobs(), 0),
                    choice.finishReason(),
                    choice.vlmFinishReason()));
        }
        return new TextCompletion(
                id(whole.id()),
                OBJECT,
                whole.created(),
                whole.model(),
                choices,
                whole.usage(),
                whole.systemFingerprint());
    }

    /**
     * A piece of a text.
     *
     * @param choices what is new
     */
    static TextCompletion of(ChatCompletionChunk chunk, List<Choice> choices) {
        return new TextCompletion(
                id(chunk.id()),
                OBJECT,
                chunk.created(),
                chunk.model(),
                choices,
                chunk.usage(),
                chunk.systemFingerprint());
    }

    private static String id(String chat) {
        return chat.replace("chatcmpl-", "cmpl-");
    }
}
