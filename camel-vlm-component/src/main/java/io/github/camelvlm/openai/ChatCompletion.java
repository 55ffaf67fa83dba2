package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.camelvlm.chat.BoxForm;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.Usage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The whole answer to a {@link ChatCompletionRequest}. Fields that are null are written as null.
 *
 * @param id names this answer
 * @param object always {@code chat.completion}
 * @param created when it was asked for, in seconds since 1970
 * @param model the model that gave it
 * @param choices the answers, as many as were asked for
 * @param usage what it cost
 * @param systemFingerprint as in {@link ResponseMetadata}
 * @param promptLogprobs per token of the prompt, those that could have stood in its place by their ids, itself first; null
 *     for the first one, which follows none. Null and left out if not asked for (vLLM's)
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ChatCompletion(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        CompletionUsage usage,
        String systemFingerprint,
        @JsonInclude(JsonInclude.Include.NON_NULL) List<Map<String, RankedToken>> promptLogprobs)
        implements JsonBody {

    /** The value of {@code object}. */
    public static final String OBJECT = "chat.completion";

    public ChatCompletion {
        choices = List.copyOf(choices);
        // List.copyOf takes no null.
        promptLogprobs = promptLogprobs == null ? null : Collections.unmodifiableList(promptLogprobs);
    }

    /** Wraps the answers to one request, at least one. */
    public static ChatCompletion of(List<Completion> completions, ResponseMetadata metadata) {
        return of(completions, metadata, null, completions.size());
    }

    /**
     * Wraps the answers to one request, at least one.
     *
     * @param answers how many there are of each prompt
     * @param boxes how the boxes are written that the answers tell of their one picture; null if they are not wanted
     */
    public static ChatCompletion of(
            List<Completion> completions, ResponseMetadata metadata, BoxForm boxes, int answers) {
        List<Choice> choices = new ArrayList<>();
        for (Completion completion : completions) {
            choices.add(Choice.of(choices.size(), completion, boxes));
        }
        Usage usage = Usage.of(completions.stream().map(Completion::usage).toList(), answers);
        return new ChatCompletion(
                metadata.id(),
                OBJECT,
                metadata.created().getEpochSecond(),
                metadata.model(),
                choices,
                CompletionUsage.of(usage),
                metadata.systemFingerprint(),
                PromptLogprobs.of(completions.get(0).promptLogprobs()));
    }

    /**
     * One answer.
     *
     * @param index its place, from 0
     * @param message the turn of the assistant
     * @param logprobs the log-probabilities of its tokens, or null if they were not asked for
     * @param finishReason {@code stop}, {@code tool_calls} or {@code length}
     * @param vlmFinishReason the true reason where OpenAI has none such, {@code repetition}, {@code cancelled} or
     *     {@code time_limit}, of which {@code finishReason} says {@code length}; otherwise null and left out
     * @param boxes where the answer says that things are, if that was asked for; otherwise null and left out
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Choice(
            int index,
            Message message,
            ChoiceLogprobs logprobs,
            String finishReason,
            @JsonInclude(JsonInclude.Include.NON_NULL) String vlmFinishReason,
            @JsonInclude(JsonInclude.Include.NON_NULL) List<FoundBox> boxes) {
        static Choice of(int index, Completion completion, BoxForm form) {
            ToldReason reason = ToldReason.of(completion.finishReason());
            return new Choice(
                    index,
                    Message.of(completion),
                    ChoiceLogprobs.of(completion.logprobs()),
                    reason.name(),
                    reason.ownName(),
                    FoundBox.of(completion, form));
        }

        /** {@code repetition_detected}, as vLLM has it, of an answer that repeated itself; otherwise null and left out. */
        @JsonProperty("stop_reason")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        public String stopReason() {
            return ToldReason.stopReason(vlmFinishReason);
        }

        /** Why the answer ended in truth, such as {@code time_limit}. */
        public String trueFinishReason() {
            return vlmFinishReason == null ? finishReason : vlmFinishReason;
        }
    }

    /**
     * The turn of the assistant.
     *
     * @param role always {@code assistant}
     * @param content the text; null if tools are called and nothing is said
     * @param refusal null: a local model has no refusals apart from its answer
     * @param toolCalls the tools that are called, or null if none are
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Message(String role, String content, String refusal, List<FunctionToolCall> toolCalls) {
        static Message of(Completion completion) {
            List<FunctionToolCall> calls = completion.toolCalls().isEmpty()
                    ? null
                    : completion.toolCalls().stream().map(FunctionToolCall::of).toList();
            String content = calls != null && completion.text().isEmpty() ? null : completion.text();
            return new Message(Role.ASSISTANT.wireName(), content, null, calls);
        }
    }
}
