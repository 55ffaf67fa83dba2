package io.github.camelvlm.chat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A conversation to continue.
 *
 * @param messages the turns so far, at least one
 * @param tools the tools that the model may ask for
 * @param sampling how the next turn's tokens are chosen
 * @param timeLimit the time after which the generation ends with {@link FinishReason#TIME_LIMIT}, waiting included; or
 *     null for none
 */
public record ChatRequest(List<Message> messages, Tools tools, SamplingOptions sampling, Duration timeLimit) {

    /** @throws InvalidRequestException if there are no messages or the time limit is not positive */
    public ChatRequest {
        messages = List.copyOf(messages);
        Objects.requireNonNull(tools, "tools");
        Objects.requireNonNull(sampling, "sampling");
        if (messages.isEmpty()) {
            throw new InvalidRequestException("messages", "must hold at least one message");
        }
        if (timeLimit != null && (timeLimit.isZero() || timeLimit.isNegative())) {
            throw new InvalidRequestException("time_limit", "must be above zero, but is " + timeLimit);
        }
    }

    /**
     * A conversation without tools.
     *
     * @throws InvalidRequestException if there are no messages or the time limit is not positive
     */
    public ChatRequest(List<Message> messages, SamplingOptions sampling, Duration timeLimit) {
        this(messages, Tools.NONE, sampling, timeLimit);
    }
}
