package io.github.camelvlm.routes.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What happened so far, by kinds, and each thing that should not have. */
final class Tally {
    private static final int MOST_FAULTS_TOLD = 50;

    private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
    private final List<String> faults = new ArrayList<>();
    private long allFaults;

    void count(String kind) {
        counts.computeIfAbsent(kind, unseen -> new LongAdder()).increment();
    }

    /** Keeps what went wrong; the first fifty are told in full. */
    synchronized void fault(String what) {
        allFaults++;
        if (faults.size() < MOST_FAULTS_TOLD) {
            faults.add(what);
            System.out.println("FAULT: " + what);
        }
    }

    synchronized long faults() {
        return allFaults;
    }

    long of(String kind) {
        LongAdder count = counts.get(kind);
        return count == null ? 0 : count.sum();
    }

    /** The counts of all kinds, sorted by name. */
    Map<String, Long> counts() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((kind, count) -> all.put(kind, count.sum()));
        return all;
    }
}
