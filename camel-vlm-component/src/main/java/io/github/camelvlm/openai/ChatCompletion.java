package io.github.camelvlm.openai;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Role;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The whole answer to a {@link ChatCompletionRequest}. Fields that are null are written as null.
 *
 * @param id names this answer
 * @param object always {@code chat.completion}
 * @param created when it was made, in seconds since 1970
 * @param model the model that gave it
 * @param choices the answers: one
 * @param usage what it cost
 * @param systemFingerprint null: the name of the model says all there is to say
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ChatCompletion(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        CompletionUsage usage,
        String systemFingerprint) {

    /** The value of {@code object}. */
    public static final String OBJECT = "chat.completion";

    public ChatCompletion {
        choices = List.copyOf(choices);
    }

    /** A new {@code id}, such as {@code chatcmpl-3f2c…}. */
    public static String newId() {
        return "chatcmpl-" + UUID.randomUUID().toString().replace("-", "");
    }

    /** Wraps an answer, with a new id. */
    public static ChatCompletion of(Completion completion, Instant created) {
        return of(completion, newId(), created);
    }

    /** Wraps an answer. */
    public static ChatCompletion of(Completion completion, String id, Instant created) {
        Choice choice = new Choice(
                0,
                new Message(Role.ASSISTANT.wireName(), completion.text(), null, null),
                ChoiceLogprobs.of(completion.logprobs()),
                completion.finishReason().wireName());
        return new ChatCompletion(
                id,
                OBJECT,
                created.getEpochSecond(),
                completion.model(),
                List.of(choice),
                CompletionUsage.of(completion.usage()),
                null);
    }

    /** This answer as JSON. */
    public String toJson() {
        return Json.write(this);
    }

    /**
     * One answer.
     *
     * @param index its place, from 0
     * @param message the turn of the assistant
     * @param logprobs the log-probabilities of its tokens, or null if they were not asked for
     * @param finishReason {@code stop}, {@code length}, or, beyond OpenAI's, {@code cancelled} and {@code time_limit}
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Choice(int index, Message message, ChoiceLogprobs logprobs, String finishReason) {}

    /**
     * The turn of the assistant.
     *
     * @param role always {@code assistant}
     * @param content the text
     * @param refusal null: a local model has no refusals apart from its answer
     * @param toolCalls null: no tools are called
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Message(String role, String content, String refusal, List<Object> toolCalls) {}
}
