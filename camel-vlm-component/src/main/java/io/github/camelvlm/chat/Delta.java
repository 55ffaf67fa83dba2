package io.github.camelvlm.chat;

import java.util.List;

/**
 * What became known of an answer since the delta before.
 *
 * @param text whole characters that follow the text before; may be empty
 * @param tokenIds the tokens chosen
 * @param logprobs one per token if they were asked for, otherwise empty
 * @param toolCalls the tools that the model asked for, each call whole
 */
public record Delta(String text, List<Integer> tokenIds, List<TokenLogprob> logprobs, List<ToolCall> toolCalls) {
    public Delta {
        tokenIds = List.copyOf(tokenIds);
        logprobs = List.copyOf(logprobs);
        toolCalls = List.copyOf(toolCalls);
    }

    /** A piece without calls of tools. */
    public Delta(String text, List<Integer> tokenIds, List<TokenLogprob> logprobs) {
        this(text, tokenIds, logprobs, List.of());
    }
}
