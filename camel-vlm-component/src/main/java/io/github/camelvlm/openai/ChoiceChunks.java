package io.github.camelvlm.openai;

import io.github.camelvlm.chat.BoxForm;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Delta;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.TokenLogprob;
import io.github.camelvlm.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The chunks of one of the answers to a request, made of what its generation has to give. */
final class ChoiceChunks {
    private final int index;
    private final Generation generation;
    private final BoxForm boxes;
    /** Those of tokens whose text was empty, such as the first bytes of a character: they go with the next chunk. */
    private final List<TokenLogprob> logprobs = new ArrayList<>();

    private int toolCalls;
    private boolean opened;
    private Completion completion;

    /** @param boxes how the boxes are written that the answer tells; null if they are not wanted */
    ChoiceChunks(int index, Generation generation, BoxForm boxes) {
        this.index = index;
        this.generation = generation;
        this.boxes = boxes;
    }

    /** Whether {@link #read} would answer at once. */
    boolean isReady() {
        return generation.isReady();
    }

    boolean hasEnded() {
        return completion != null;
    }

    /** What the prompt cost, where that is known already; null otherwise. */
    CompletionUsage promptUsage() {
        return generation.promptUsage().map(CompletionUsage::of).orElse(null);
    }

    /** The whole answer, once it has ended; null before. */
    Completion completion() {
        return completion;
    }

    /**
     * Takes the next piece.
     *
     * @return what is to be told of it, perhaps nothing
     */
    List<ChatCompletionChunk.Choice> read() throws InterruptedException {
        Optional<Delta> piece = generation.next();
        List<ChatCompletionChunk.Choice> choices = new ArrayList<>();
        if (!opened) {
            // Not before the first piece: a generation that fails at once then fails before anything is sent.
            choices.add(choice(ChatCompletionChunk.Delta.OPENING));
            opened = true;
        }
        if (piece.isPresent()) {
            logprobs.addAll(piece.get().logprobs());
            if (!piece.get().text().isEmpty()) {
                choices.add(choice(ChatCompletionChunk.Delta.of(piece.get().text())));
            }
            for (ToolCall call : piece.get().toolCalls()) {
                for (FunctionToolCall part : FunctionToolCall.pieces(call, toolCalls++)) {
                    choices.add(choice(ChatCompletionChunk.Delta.of(part)));
                }
            }
        } else {
            completion = generation.await();
            ToldReason reason = ToldReason.of(completion.finishReason());
            choices.add(new ChatCompletionChunk.Choice(
                    index,
                    ChatCompletionChunk.Delta.NOTHING,
                    told(),
                    reason.name(),
                    reason.ownName(),
                    FoundBox.of(completion, boxes)));
        }
        return choices;
    }

    private ChatCompletionChunk.Choice choice(ChatCompletionChunk.Delta delta) {
        return new ChatCompletionChunk.Choice(index, delta, delta == ChatCompletionChunk.Delta.OPENING ? null : told());
    }

    private ChoiceLogprobs told() {
        ChoiceLogprobs told = ChoiceLogprobs.of(logprobs);
        logprobs.clear();
        return told;
    }

    void cancel() {
        generation.cancel();
    }
}
