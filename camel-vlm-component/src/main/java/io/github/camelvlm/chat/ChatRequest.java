package io.github.camelvlm.chat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A conversation to continue. The answer is a turn of the assistant unless something else is asked for.
 *
 * @param messages the turns so far, at least one
 * @param tools the tools that the model may ask for
 * @param continuation what the answer goes on with
 * @param adapter the name of what answers, of those of {@link ModelInfo#adapters}; or null for the model as it is
 * @param sampling how the next turn's tokens are chosen
 * @param areLogprobsOptional whether the answer is to be had without the log-probabilities of its tokens where a server
 *     does not tell them, though {@code sampling} asks for them
 * @param timeLimit the time after which the generation ends with {@link FinishReason#TIME_LIMIT}, waiting included; or
 *     null for none
 */
public record ChatRequest(
        List<Message> messages,
        Tools tools,
        Continuation continuation,
        String adapter,
        SamplingOptions sampling,
        boolean areLogprobsOptional,
        Duration timeLimit) {

    /**
     * @throws InvalidRequestException if there are no messages, the time limit is not positive, or a tool is demanded of no
     *     turn
     */
    public ChatRequest {
        messages = List.copyOf(messages);
        Objects.requireNonNull(tools, "tools");
        Objects.requireNonNull(continuation, "continuation");
        Objects.requireNonNull(sampling, "sampling");
        if (messages.isEmpty()) {
            throw new InvalidRequestException("messages", "must hold at least one message");
        }
        if (timeLimit != null && (timeLimit.isZero() || timeLimit.isNegative())) {
            throw new InvalidRequestException("time_limit", "must be above zero, but is " + timeLimit);
        }
        if (continuation == Continuation.RAW && (messages.size() != 1 || tools.areOffered())) {
            throw new InvalidRequestException("messages", "must be one text without tools where no template is used");
        }
        if (continuation == Continuation.NONE && tools.areDemanded()) {
            throw new InvalidRequestException(
                    "tool_choice",
                    "demands a tool, but there is no turn to call it in: set add_generation_prompt to true");
        }
    }

    /**
     * A conversation that the model as it is answers.
     *
     * @throws InvalidRequestException as the other one
     */
    public ChatRequest(
            List<Message> messages,
            Tools tools,
            Continuation continuation,
            SamplingOptions sampling,
            Duration timeLimit) {
        this(messages, tools, continuation, null, sampling, false, timeLimit);
    }

    /**
     * A conversation that is answered in a new turn.
     *
     * @throws InvalidRequestException if there are no messages or the time limit is not positive
     */
    public ChatRequest(List<Message> messages, Tools tools, SamplingOptions sampling, Duration timeLimit) {
        this(messages, tools, Continuation.NEW_TURN, sampling, timeLimit);
    }

    /**
     * A conversation without tools that is answered in a new turn.
     *
     * @throws InvalidRequestException if there are no messages or the time limit is not positive
     */
    public ChatRequest(List<Message> messages, SamplingOptions sampling, Duration timeLimit) {
        this(messages, Tools.NONE, sampling, timeLimit);
    }

    /** The ids of the tokens of which it says the ids; none where it is all text and pictures. */
    public List<Integer> tokens() {
        return messages.stream()
                .flatMap(message -> message.parts().stream())
                .filter(TokensPart.class::isInstance)
                .flatMap(part -> ((TokensPart) part).ids().stream())
                .toList();
    }

    /** The same with other turns. */
    public ChatRequest withMessages(List<Message> others) {
        return new ChatRequest(others, tools, continuation, adapter, sampling, areLogprobsOptional, timeLimit);
    }

    /** The same with tokens chosen in another way. */
    public ChatRequest withSampling(SamplingOptions other) {
        return new ChatRequest(messages, tools, continuation, adapter, other, areLogprobsOptional, timeLimit);
    }

    /**
     * The same with another time limit; null for none.
     *
     * @throws InvalidRequestException if it is not positive
     */
    public ChatRequest withTimeLimit(Duration other) {
        return new ChatRequest(messages, tools, continuation, adapter, sampling, areLogprobsOptional, other);
    }

    /** The same for an adapter; null for the model as it is. */
    public ChatRequest withAdapter(String other) {
        return new ChatRequest(messages, tools, continuation, other, sampling, areLogprobsOptional, timeLimit);
    }

    /**
     * The same with the log-probabilities of the answer's tokens, where they are to be had; as it is if it asks for them
     * already.
     */
    public ChatRequest withLogprobsIfTold() {
        return sampling.topLogprobs() != null
                ? this
                : new ChatRequest(
                        messages,
                        tools,
                        continuation,
                        adapter,
                        SamplingOptions.builder().topLogprobs(0).build().orElse(sampling),
                        true,
                        timeLimit);
    }
}
