package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.camelvlm.chat.Role;
import java.util.List;

/**
 * A piece of a streamed answer to a {@link ChatCompletionRequest}.
 *
 * @param id names the answer; all its chunks have it
 * @param object always {@code chat.completion.chunk}
 * @param created when the answer was asked for, in seconds since 1970
 * @param model the model that gives it
 * @param systemFingerprint as in {@link ResponseMetadata}
 * @param choices what is new: one choice, or none in the chunk that tells the usage
 * @param usage what the answer cost; null but in the last chunk, if that was asked for
 * @param promptUsage what the prompt cost, in a chunk of a choice where that is known before the end, for dialects that
 *     tell it at the beginning; null otherwise, and never in JSON
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ChatCompletionChunk(
        String id,
        String object,
        long created,
        String model,
        String systemFingerprint,
        List<Choice> choices,
        CompletionUsage usage,
        @JsonIgnore CompletionUsage promptUsage)
        implements JsonBody {

    /** The value of {@code object}. */
    public static final String OBJECT = "chat.completion.chunk";

    public ChatCompletionChunk {
        choices = List.copyOf(choices);
    }

    /** A chunk that tells nothing of the prompt. */
    public ChatCompletionChunk(
            String id,
            String object,
            long created,
            String model,
            String systemFingerprint,
            List<Choice> choices,
            CompletionUsage usage) {
        this(id, object, created, model, systemFingerprint, choices, usage, null);
    }

    /** A chunk that says what is new of one choice. */
    static ChatCompletionChunk of(ResponseMetadata answer, Choice choice, CompletionUsage promptUsage) {
        return of(answer, List.of(choice), null, promptUsage);
    }

    /** The chunk that tells what the whole answer cost. */
    static ChatCompletionChunk of(ResponseMetadata answer, CompletionUsage usage) {
        return of(answer, List.of(), usage, null);
    }

    private static ChatCompletionChunk of(
            ResponseMetadata answer, List<Choice> choices, CompletionUsage usage, CompletionUsage promptUsage) {
        return new ChatCompletionChunk(
                answer.id(),
                OBJECT,
                answer.created().getEpochSecond(),
                answer.model(),
                answer.systemFingerprint(),
                choices,
                usage,
                promptUsage);
    }

    /**
     * What is new of one of the answers.
     *
     * @param index which one, from 0
     * @param delta what was added to it
     * @param logprobs the log-probabilities of the tokens since the chunk before, or null if they were not asked for
     * @param finishReason why it ended, in its last chunk; null before
     * @param vlmFinishReason as in {@link ChatCompletion.Choice}
     * @param boxes as in {@link ChatCompletion.Choice}, in its last chunk
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Choice(
            int index,
            Delta delta,
            ChoiceLogprobs logprobs,
            String finishReason,
            @JsonInclude(JsonInclude.Include.NON_NULL) String vlmFinishReason,
            @JsonInclude(JsonInclude.Include.NON_NULL) List<FoundBox> boxes) {
        /** As {@link ChatCompletion.Choice#stopReason}. */
        @JsonProperty("stop_reason")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        public String stopReason() {
            return ToldReason.stopReason(vlmFinishReason);
        }

        /** One that does not end yet. */
        Choice(int index, Delta delta, ChoiceLogprobs logprobs) {
            this(index, delta, logprobs, null, null, null);
        }
    }

    /**
     * What was added to the turn of the assistant. What is null is left out.
     *
     * @param role {@code assistant}, in the first chunk
     * @param content text that follows the text before
     * @param toolCalls the tool that is called, or more of its arguments
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Delta(String role, String content, List<FunctionToolCall> toolCalls) {
        static final Delta OPENING = new Delta(Role.ASSISTANT.wireName(), "", null);
        static final Delta NOTHING = new Delta(null, null, null);

        static Delta of(String content) {
            return new Delta(null, content, null);
        }

        static Delta of(FunctionToolCall piece) {
            return new Delta(null, null, List.of(piece));
        }
    }
}
