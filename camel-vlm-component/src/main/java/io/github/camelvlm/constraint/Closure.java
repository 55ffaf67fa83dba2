package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.Expression;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Finds all places that a text has come to, from those that its last byte led to. For one use. */
final class Closure {
    /** What one byte may lead to: some ten milliseconds. */
    private static final int MOST_PLACES = 50_000;

    /**
     * A place.
     *
     * @param node the node
     * @param count times of the repetition around it that are done
     * @param frame where its rule returns to
     */
    record Place(int node, int count, Frame frame) {}

    private final Automaton automaton;
    private final Nfa nfa;
    private final Set<Place> seen = new HashSet<>();
    private final Deque<Place> open = new ArrayDeque<>();
    /** Calls by the rank of the rule, so that one frame is made when all that call it are known. */
    private final TreeMap<Integer, Map<Integer, Set<Place>>> calls = new TreeMap<>();

    private final List<Place> kept = new ArrayList<>();
    private boolean mayEnd;

    Closure(Automaton automaton) {
        this.automaton = automaton;
        this.nfa = automaton.nfa;
    }

    void add(int node, int count, Frame frame) {
        if (automaton.isAlive(node, frame)) {
            Place place = new Place(node, count, frame);
            // Of too many places some are left out: fewer texts may follow, and no wrong ones.
            if (!isFull() && seen.add(place)) {
                open.add(place);
            }
        }
    }

    private boolean isFull() {
        return seen.size() >= MOST_PLACES && (mayEnd || !kept.isEmpty());
    }

    /** Whether places were left out. */
    boolean isCut() {
        return seen.size() >= MOST_PLACES;
    }

    State finish() {
        expand(false);
        while (!calls.isEmpty() && !isFull()) {
            Map<Integer, Set<Place>> rules = calls.firstEntry().getValue();
            int rule = rules.keySet().iterator().next();
            Set<Place> callers = rules.remove(rule);
            if (rules.isEmpty()) {
                calls.pollFirstEntry();
            }
            add(nfa.start[rule], 0, automaton.frame(callers));
            expand(true);
        }
        return automaton.state(kept, mayEnd, seen.size());
    }

    /** @param called whether the places are within rules that were called after the last byte */
    private void expand(boolean called) {
        for (Place place = open.poll(); place != null; place = open.poll()) {
            int[] values = nfa.values[place.node];
            int count = place.count;
            Frame frame = place.frame;
            switch (nfa.kind[place.node]) {
                case Nfa.BYTES -> kept.add(place);
                case Nfa.SPLIT -> {
                    for (int target : values) {
                        add(target, count, frame);
                    }
                }
                case Nfa.CALL -> call(values, count, frame);
                case Nfa.LOOP -> {
                    if (count < values[1]) {
                        add(values[2], count, frame);
                    }
                    if (count >= values[0]) {
                        add(values[3], 0, frame);
                    }
                }
                case Nfa.NEXT -> {
                    int[] loop = nfa.values[values[0]];
                    // Without a bound it does not matter how often beyond the least.
                    add(values[0], loop[1] == Expression.UNBOUNDED ? Math.min(count + 1, loop[0]) : count + 1, frame);
                }
                default -> {
                    // A rule that was called and took no byte is skipped where it is called.
                    if (!called) {
                        end(frame);
                    }
                }
            }
        }
    }

    private void call(int[] values, int count, Frame frame) {
        if (values[2] == 1) {
            add(values[1], count, frame);
        }
        if (nfa.kind[values[1]] == Nfa.END) {
            // Returns at once: it may as well return to where its caller would.
            add(nfa.start[values[0]], 0, frame);
        } else if (automaton.mayCall(values[0], frame) && automaton.isAlive(values[1], frame)) {
            calls.computeIfAbsent(automaton.rank(values[0]), rank -> new LinkedHashMap<>())
                    .computeIfAbsent(values[0], rule -> new HashSet<>())
                    .add(new Place(values[1], count, frame));
        }
    }

    private void end(Frame frame) {
        if (frame == Frame.ROOT) {
            mayEnd = true;
        }
        for (int i = 0; i < frame.nodes.length; i++) {
            add(frame.nodes[i], frame.counts[i], frame.parents[i]);
        }
    }
}
