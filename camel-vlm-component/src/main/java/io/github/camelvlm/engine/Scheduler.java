package io.github.camelvlm.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * Decides what a step computes. First come, first served: a waiting sequence starts when there is a place and the KV
 * cache has room for all that it can need. Each step decodes one token of every sequence that is past its prompt, and
 * prefills up to {@link #PREFILL_TOKENS} prompt tokens, the oldest prompt first. It never sees a tensor.
 */
final class Scheduler {
    /** Bounds the memory of a step and the time that decoding sequences wait for a newcomer's prompt. */
    static final int PREFILL_TOKENS = 1024;

    private final KvCache cache;
    private final int maxSequences;
    private final Queue<Sequence> waiting = new ArrayDeque<>();
    private final List<Sequence> running = new ArrayList<>();

    Scheduler(KvCache cache, int maxSequences) {
        this.cache = cache;
        this.maxSequences = maxSequences;
    }

    void add(Sequence sequence) {
        waiting.add(sequence);
    }

    boolean isIdle() {
        return waiting.isEmpty() && running.isEmpty();
    }

    /** The sequences that take part in the next step, each told how many tokens it computes. */
    List<Sequence> schedule() {
        admit();
        List<Sequence> batch = new ArrayList<>();
        int prefill = PREFILL_TOKENS;
        for (Sequence sequence : running) {
            int tokens = sequence.pending() == 1 ? 1 : Math.min(sequence.pending(), prefill);
            sequence.schedule(tokens);
            if (tokens > 0) {
                batch.add(sequence);
                prefill -= sequence.pending() == 1 ? 0 : tokens;
            }
        }
        return batch;
    }

    private void admit() {
        while (!waiting.isEmpty() && running.size() < maxSequences) {
            Optional<KvCache.Slot> slot = cache.allocate(waiting.peek().tokensNeeded());
            if (slot.isEmpty()) {
                return;
            }
            Sequence sequence = waiting.remove();
            sequence.start(slot.get());
            running.add(sequence);
        }
    }

    /** All sequences, waiting or running. */
    List<Sequence> sequences() {
        List<Sequence> all = new ArrayList<>(running);
        all.addAll(waiting);
        return all;
    }

    /** Removes the sequences that have finished, whose slots and places become free. */
    List<Sequence> removeFinished() {
        List<Sequence> finished = new ArrayList<>();
        for (Iterator<Sequence> all = running.iterator(); all.hasNext(); ) {
            Sequence sequence = all.next();
            if (sequence.status() == Sequence.Status.FINISHED) {
                all.remove();
                cache.free(sequence.slot());
                finished.add(sequence);
            }
        }
        for (Iterator<Sequence> all = waiting.iterator(); all.hasNext(); ) {
            Sequence sequence = all.next();
            if (sequence.status() == Sequence.Status.FINISHED) {
                all.remove();
                finished.add(sequence);
            }
        }
        return finished;
    }
}
