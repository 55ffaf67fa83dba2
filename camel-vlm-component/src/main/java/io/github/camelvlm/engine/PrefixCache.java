package io.github.camelvlm.engine;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The prefixes that finished sequences left in the KV cache, as long as no sequence needs the room; the ones used least
 * recently go first.
 */
final class PrefixCache {
    /** Bounds the memory that stays in use when no request is there, and the time of a search. */
    private static final int MAX_HELD = 32;

    private final KvCache cache;
    /** From the one used least recently to the one used last. */
    private final Set<Prefix> held = new LinkedHashSet<>();

    PrefixCache(KvCache cache) {
        this.cache = cache;
    }

    /** Keeps what a finished sequence computed; the rest of its slot becomes free. */
    void keep(Sequence sequence) {
        if (sequence.cached() == 0) {
            cache.free(sequence.slot());
            return;
        }
        KvCache.Slot slot = cache.shrink(sequence.slot(), sequence.cached());
        Prefix kept = Prefix.of(sequence).in(slot);
        held.stream().filter(prefix -> prefix.isCoveredBy(kept)).toList().forEach(this::free);
        held.add(kept);
        if (held.size() > MAX_HELD) {
            evict();
        }
    }

    private void free(Prefix prefix) {
        held.remove(prefix);
        cache.free(prefix.slot());
    }

    /** The prefix that shares most with a sequence's prompt, if one shares anything; it counts as used. */
    Optional<Prefix> find(Sequence sequence) {
        Prefix best = null;
        int most = 0;
        for (Prefix prefix : held) {
            int shared = prefix.sharedWith(sequence);
            if (shared > most) {
                best = prefix;
                most = shared;
            }
        }
        if (best != null) {
            held.remove(best);
            held.add(best);
        }
        return Optional.ofNullable(best);
    }

    /** Frees the prefixes that share anything with a sequence's prompt. */
    void forget(Sequence sequence) {
        held.stream().filter(prefix -> prefix.sharedWith(sequence) > 0).toList().forEach(this::free);
    }

    /** Frees the prefix used least recently; false if there is none. */
    private boolean evict() {
        if (held.isEmpty()) {
            return false;
        }
        free(held.iterator().next());
        return true;
    }

    /** Whether there is room for a slot, or would be if prefixes went. */
    boolean canAllocate(int tokens) {
        return cache.wouldFit(tokens, held.stream().map(Prefix::slot).toList());
    }

    /** A slot, for which as many prefixes go as must; empty if even all of them are not enough. */
    Optional<KvCache.Slot> allocate(int tokens) {
        Optional<KvCache.Slot> slot = cache.allocate(tokens);
        while (slot.isEmpty() && evict()) {
            slot = cache.allocate(tokens);
        }
        return slot;
    }

    boolean holds(Prefix prefix) {
        return held.contains(prefix);
    }
}
