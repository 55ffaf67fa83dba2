package io.github.camelvlm.fleet;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses among replicas: of those that answer the one with the fewest requests in hand, of several such the one that was
 * asked what begins alike, since it may have computed that; otherwise they have turns.
 */
final class Replicas {
    /** More beginnings than engines keep in their caches. */
    private static final int REMEMBERED = 1024;

    private final List<Replica> all;
    /** Where a beginning went last; those that were asked longest ago come first. */
    private final Map<Long, Replica> beginnings = new LinkedHashMap<>(16, 0.75f, true);

    private int next;

    Replicas(List<Replica> all) {
        this.all = List.copyOf(all);
    }

    List<Replica> all() {
        return all;
    }

    /**
     * Chooses a replica and adds requests to its load.
     *
     * @param beginning tells requests whose prompts begin alike
     * @param requests how many
     * @param except those that are not to be chosen
     * @return empty if none is left that answers
     */
    synchronized Optional<Replica> enter(long beginning, int requests, Set<Replica> except) {
        Replica known = beginnings.get(beginning);
        Deque<Replica> turned = new ArrayDeque<>(all);
        for (int i = Math.floorMod(next, all.size()); i > 0; i--) {
            turned.addLast(turned.removeFirst());
        }
        Optional<Replica> chosen = turned.stream()
                .filter(replica -> !except.contains(replica) && replica.engine().isReady())
                .min(Comparator.comparingInt(Replica::load).thenComparing(replica -> replica != known));
        chosen.ifPresent(replica -> {
            next = all.indexOf(replica) + 1;
            replica.enter(requests);
            beginnings.put(beginning, replica);
            if (beginnings.size() > REMEMBERED) {
                beginnings.remove(beginnings.keySet().iterator().next());
            }
        });
        return chosen;
    }

    /** None of them. */
    static Set<Replica> none() {
        return new HashSet<>();
    }
}
