package io.github.camelvlm.openai;

import io.github.camelvlm.chat.BoxForm;
import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.Usage;
import io.github.camelvlm.chat.VlmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Semaphore;

/**
 * A streamed answer: per choice a chunk with the role, chunks with what is said as it is said, and one with the reason
 * of its end; then, if asked for, a chunk with the usage.
 *
 * <p>One thread reads it; any thread may close it, which cancels what still runs. The chunks of a cancelled answer end
 * like those of others.
 */
public final class ChunkStream implements Iterator<ChatCompletionChunk>, AutoCloseable {
    private final ResponseMetadata metadata;
    private final List<ChoiceChunks> choices = new ArrayList<>();
    private final Queue<ChatCompletionChunk> made = new ArrayDeque<>();
    private final Semaphore progress = new Semaphore(0);
    private final int answers;
    private boolean usageOwed;
    /** Which choice is looked at first, so that each has its turn. */
    private int next;

    /**
     * @param generations the answers, at least one; the stream's from now on
     * @param answers how many of them there are of each prompt
     * @param metadata what every chunk says
     * @param includeUsage whether a last chunk tells the usage
     * @param boxes how the boxes are written that the answers tell of their one picture; null if they are not wanted
     */
    public ChunkStream(
            List<Generation> generations, int answers, ResponseMetadata metadata, boolean includeUsage, BoxForm boxes) {
        this.answers = answers;
        this.metadata = metadata;
        usageOwed = includeUsage;
        for (Generation generation : generations) {
            choices.add(new ChoiceChunks(choices.size(), generation, boxes));
        }
        generations.forEach(generation -> generation.onProgress(progress::release));
    }

    /** What every chunk says. */
    public ResponseMetadata metadata() {
        return metadata;
    }

    /** Whether there is another chunk; never waits. */
    @Override
    public boolean hasNext() {
        return !made.isEmpty() || usageOwed || !hasEnded();
    }

    /**
     * Waits for the next chunk.
     *
     * @throws VlmException if the engine fails, or the calling thread is interrupted, which it still is then; nothing
     *     runs on
     */
    @Override
    public ChatCompletionChunk next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the answer has ended");
        }
        try {
            while (made.isEmpty()) {
                if (hasEnded()) {
                    usageOwed = false;
                    return ChatCompletionChunk.of(metadata, CompletionUsage.of(usage()));
                }
                read();
            }
            return made.remove();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new EngineUnavailableException("The thread that reads the answer was interrupted", e);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void read() throws InterruptedException {
        for (int i = 0; i < choices.size(); i++) {
            ChoiceChunks choice = choices.get((next + i) % choices.size());
            if (!choice.hasEnded() && choice.isReady()) {
                next = (next + i + 1) % choices.size();
                choice.read().forEach(each -> made.add(ChatCompletionChunk.of(metadata, each, choice.promptUsage())));
                return;
            }
        }
        // Progress made since the look above has left a permit, so none is overslept.
        progress.acquire();
        progress.drainPermits();
    }

    private boolean hasEnded() {
        return choices.stream().allMatch(ChoiceChunks::hasEnded);
    }

    /** The answers that have ended so far, in the order of their choices. */
    public List<Completion> completions() {
        return choices.stream()
                .map(ChoiceChunks::completion)
                .filter(Objects::nonNull)
                .toList();
    }

    /** What the answers cost that have ended so far, at least one. */
    public Usage usage() {
        return Usage.of(completions().stream().map(Completion::usage).toList(), answers);
    }

    @Override
    public void close() {
        Closing.each(choices, ChoiceChunks::cancel);
    }
}
