package io.github.camelvlm.chat;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * A whole answer.
 *
 * @param model the name of the model that gave it
 * @param text the answer, without the model's special tokens, the stop text and calls of tools
 * @param toolCalls the tools that the model asked for, in order
 * @param tokenIds the generated tokens, the one that ended the turn included
 * @param logprobs one per token if they were asked for, otherwise empty
 * @param finishReason why it ended
 * @param usage token counts
 * @param timings how long it took
 * @param pictures the pictures of the request, in order
 * @param promptLogprobs one per token of the prompt but the first, if they were asked for; otherwise empty
 */
public record Completion(
        String model,
        String text,
        List<ToolCall> toolCalls,
        List<Integer> tokenIds,
        List<TokenLogprob> logprobs,
        FinishReason finishReason,
        Usage usage,
        Timings timings,
        List<SeenPicture> pictures,
        List<PromptLogprob> promptLogprobs) {
    public Completion {
        promptLogprobs = List.copyOf(promptLogprobs);
        toolCalls = List.copyOf(toolCalls);
        tokenIds = List.copyOf(tokenIds);
        logprobs = List.copyOf(logprobs);
        pictures = List.copyOf(pictures);
    }

    /** This answer and that to a further question about the same pictures, as one. */
    public Completion and(Completion further) {
        return new Completion(
                model,
                text + "\n" + further.text,
                concat(toolCalls, further.toolCalls),
                concat(tokenIds, further.tokenIds),
                concat(logprobs, further.logprobs),
                finishReason == FinishReason.STOP ? further.finishReason : finishReason,
                usage.and(further.usage),
                new Timings(
                        timings.firstToken(),
                        concat(timings.betweenTokens(), further.timings.betweenTokens()),
                        timings.total().plus(further.timings.total())),
                pictures,
                promptLogprobs);
    }

    /** The same without log-probabilities. */
    public Completion withoutLogprobs() {
        return new Completion(
                model, text, toolCalls, tokenIds, List.of(), finishReason, usage, timings, pictures, promptLogprobs);
    }

    /** The mean probability of its tokens, the one that ended it included; empty if their log-probabilities are not known. */
    public OptionalDouble confidence() {
        return logprobs.stream().mapToDouble(token -> Math.exp(token.logprob())).average();
    }

    private static <T> List<T> concat(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** An answer that says nothing of its prompt. */
    public Completion(
            String model,
            String text,
            List<ToolCall> toolCalls,
            List<Integer> tokenIds,
            List<TokenLogprob> logprobs,
            FinishReason finishReason,
            Usage usage,
            Timings timings,
            List<SeenPicture> pictures) {
        this(model, text, toolCalls, tokenIds, logprobs, finishReason, usage, timings, pictures, List.of());
    }
}
