package io.github.camelvlm.engine;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who holds which part of the KV cache. A sequence gets one slot, as long as it can ever need, so that nothing is copied
 * when it grows; the tensors themselves are the program's.
 */
final class KvCache {
    private final int tokens;
    /** Free stretches, their lengths by their starts; neighbours are always joined. */
    private final TreeMap<Integer, Integer> free = new TreeMap<>();

    /** @param tokens the capacity, all slots together */
    KvCache(int tokens) {
        this.tokens = tokens;
        free.put(0, tokens);
    }

    /**
     * A stretch of the cache.
     *
     * @param start its first token's place
     * @param tokens its length
     */
    record Slot(int start, int tokens) {}

    /** The first free stretch that is long enough, which keeps the memory touched so far small; empty if there is none. */
    Optional<Slot> allocate(int wanted) {
        for (Map.Entry<Integer, Integer> stretch : free.entrySet()) {
            if (stretch.getValue() >= wanted) {
                int start = stretch.getKey();
                int rest = stretch.getValue() - wanted;
                free.remove(start);
                if (rest > 0) {
                    free.put(start + wanted, rest);
                }
                return Optional.of(new Slot(start, wanted));
            }
        }
        return Optional.empty();
    }

    /** Whether a free stretch would be long enough if these slots were free too. */
    boolean wouldFit(int wanted, Collection<Slot> freed) {
        TreeMap<Integer, Integer> stretches = new TreeMap<>(free);
        freed.forEach(slot -> stretches.put(slot.start(), slot.tokens()));
        int end = 0;
        int length = 0;
        for (Map.Entry<Integer, Integer> stretch : stretches.entrySet()) {
            length = stretch.getValue() + (stretch.getKey() == end ? length : 0);
            end = stretch.getKey() + stretch.getValue();
            if (length >= wanted) {
                return true;
            }
        }
        return false;
    }

    /** Gives the end of a slot back, and returns what is left of it. */
    Slot shrink(Slot slot, int used) {
        if (used < slot.tokens()) {
            free(new Slot(slot.start() + used, slot.tokens() - used));
        }
        return new Slot(slot.start(), used);
    }

    /** Gives a slot back. */
    void free(Slot slot) {
        int start = slot.start();
        int length = slot.tokens();
        Map.Entry<Integer, Integer> before = free.floorEntry(start);
        if (before != null && before.getKey() + before.getValue() == start) {
            start = before.getKey();
            length += before.getValue();
        }
        Integer after = free.remove(slot.start() + slot.tokens());
        if (after != null) {
            length += after;
        }
        free.put(start, length);
    }

    /** The capacity, all slots together. */
    int capacity() {
        return tokens;
    }

    /** The tokens that no slot holds. */
    int available() {
        return free.values().stream().mapToInt(Integer::intValue).sum();
    }
}
