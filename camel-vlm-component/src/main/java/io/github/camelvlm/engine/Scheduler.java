package io.github.camelvlm.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Stream;

/**
 * Decides what a step computes. First come, first served: a waiting sequence starts when there is a place and the KV
 * cache has room for all that it can need. Each step decodes one token of every sequence that is past its prompt, and
 * prefills up to {@link #PREFILL_TOKENS} prompt tokens, the oldest prompt first. A prompt that begins as another one did, of
 * a finished or a running sequence, takes over its keys and values. It never sees a tensor.
 */
final class Scheduler {
    /** Bounds the memory of a step and the time that decoding sequences wait for a newcomer's prompt. */
    static final int PREFILL_TOKENS = 1024;

    private final KvCache cache;
    private final PrefixCache prefixes;
    private final int maxSequences;
    private final Queue<Sequence> waiting = new ArrayDeque<>();
    private final List<Sequence> running = new ArrayList<>();

    Scheduler(KvCache cache, int maxSequences) {
        this.cache = cache;
        prefixes = new PrefixCache(cache);
        this.maxSequences = maxSequences;
    }

    void add(Sequence sequence) {
        waiting.add(sequence);
    }

    boolean isIdle() {
        return waiting.isEmpty() && running.isEmpty();
    }

    /** Lets waiting sequences start, and says what the next step computes. */
    Schedule schedule() {
        List<CacheCopy> copies = admit();
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
        return new Schedule(copies, batch);
    }

    private List<CacheCopy> admit() {
        List<CacheCopy> copies = new ArrayList<>();
        while (!waiting.isEmpty() && running.size() < maxSequences) {
            Sequence sequence = waiting.peek();
            Optional<Prefix> prefix = longestPrefix(sequence);
            Optional<KvCache.Slot> slot = allocate(sequence.tokensNeeded());
            if (slot.isEmpty()) {
                break;
            }
            waiting.remove();
            // Making room may have taken even the prefix found.
            Optional<Prefix> left = prefix.filter(found -> isHeld(found));
            int shared = left.map(found -> found.sharedWith(sequence)).orElse(0);
            left.ifPresent(found ->
                    copies.add(new CacheCopy(found.slot().start(), slot.get().start(), shared)));
            sequence.start(slot.get(), shared);
            running.add(sequence);
        }
        return copies;
    }

    private Optional<Prefix> longestPrefix(Sequence sequence) {
        return Stream.concat(prefixes.find(sequence).stream(), running.stream().map(Prefix::of))
                .filter(prefix -> prefix.sharedWith(sequence) > 0)
                .max(Comparator.comparingInt(prefix -> prefix.sharedWith(sequence)));
    }

    private Optional<KvCache.Slot> allocate(int tokens) {
        Optional<KvCache.Slot> slot = cache.allocate(tokens);
        while (slot.isEmpty() && prefixes.evict()) {
            slot = cache.allocate(tokens);
        }
        return slot;
    }

    private boolean isHeld(Prefix prefix) {
        return prefixes.holds(prefix)
                || running.stream().anyMatch(sequence -> sequence.slot().equals(prefix.slot()));
    }

    /** The sequences that run. */
    int running() {
        return running.size();
    }

    /** The sequences that wait. */
    int waiting() {
        return waiting.size();
    }

    /** The share of the KV cache that is taken, prefixes of finished sequences included. */
    double cacheUse() {
        return 1 - (double) cache.available() / cache.capacity();
    }

    /** All sequences, waiting or running. */
    List<Sequence> sequences() {
        List<Sequence> all = new ArrayList<>(running);
        all.addAll(waiting);
        return all;
    }

    /** Removes the sequences that have finished, whose places become free. */
    List<Sequence> removeFinished() {
        List<Sequence> finished = new ArrayList<>();
        for (Iterator<Sequence> all = running.iterator(); all.hasNext(); ) {
            Sequence sequence = all.next();
            if (sequence.status() == Sequence.Status.FINISHED) {
                all.remove();
                prefixes.keep(sequence);
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
