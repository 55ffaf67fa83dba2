package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.GrammarTooLargeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Brings rules into an order in which each comes before those that it may begin with. Rules that only end in each other
 * may share a rank.
 */
final class Ranks {
    private final Nfa nfa;
    private final int[] depths;
    /** Rules that each may begin with; those that do not end it are written as their complement. */
    private final List<Set<Integer>> firsts = new ArrayList<>();

    Ranks(Nfa nfa, int[] depths) {
        this.nfa = nfa;
        this.depths = depths;
        for (int start : nfa.start) {
            firsts.add(firsts(start));
        }
    }

    private Set<Integer> firsts(int start) {
        Set<Integer> found = new HashSet<>();
        Set<Integer> seen = new HashSet<>(Set.of(start));
        Deque<Integer> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            int node = open.poll();
            int[] values = nfa.values[node];
            List<Integer> targets = new ArrayList<>();
            switch (nfa.kind[node]) {
                case Nfa.SPLIT -> Arrays.stream(values).forEach(targets::add);
                case Nfa.LOOP -> {
                    targets.add(values[2]);
                    targets.add(values[3]);
                }
                case Nfa.NEXT -> targets.add(values[0]);
                case Nfa.CALL -> {
                    if (depths[nfa.start[values[0]]] < Least.NEVER) {
                        found.add(nfa.kind[values[1]] == Nfa.END ? values[0] : ~values[0]);
                    }
                    if (values[2] == 1) {
                        targets.add(values[1]);
                    }
                }
                default -> {}
            }
            for (int target : targets) {
                if (depths[target] < Least.NEVER && seen.add(target)) {
                    open.add(target);
                }
            }
        }
        return found;
    }

    /**
     * The rank of each rule.
     *
     * @throws GrammarTooLargeException if a rule begins with itself
     */
    int[] ranks() {
        int[] component = new Components(firsts).of();
        for (int rule = 0; rule < firsts.size(); rule++) {
            for (int first : firsts.get(rule)) {
                if (first < 0 && component[~first] == component[rule]) {
                    throw new GrammarTooLargeException("has a rule that begins with itself");
                }
            }
        }
        // Those that are begun with are found before those that begin with them.
        return Arrays.stream(component).map(number -> -number).toArray();
    }

    /** Tarjan's, without recursion. */
    private static final class Components {
        private final List<Set<Integer>> edges;
        private final int[] component;
        private final int[] index;
        private final int[] low;
        private final Deque<Integer> path = new ArrayDeque<>();
        private int next = 1;
        private int components;

        Components(List<Set<Integer>> edges) {
            this.edges = edges;
            component = new int[edges.size()];
            index = new int[edges.size()];
            low = new int[edges.size()];
            Arrays.fill(component, -1);
        }

        private record Visit(int rule, Iterator<Integer> edges) {}

        int[] of() {
            for (int rule = 0; rule < index.length; rule++) {
                if (index[rule] == 0) {
                    visit(rule);
                }
            }
            return component;
        }

        private void visit(int root) {
            Deque<Visit> visits = new ArrayDeque<>();
            visits.push(enter(root));
            while (!visits.isEmpty()) {
                Visit visit = visits.peek();
                if (visit.edges.hasNext()) {
                    int edge = visit.edges.next();
                    int target = edge < 0 ? ~edge : edge;
                    if (index[target] == 0) {
                        visits.push(enter(target));
                    } else if (component[target] < 0) {
                        low[visit.rule] = Math.min(low[visit.rule], index[target]);
                    }
                } else {
                    visits.pop();
                    leave(visit.rule);
                    if (!visits.isEmpty()) {
                        int caller = visits.peek().rule;
                        low[caller] = Math.min(low[caller], low[visit.rule]);
                    }
                }
            }
        }

        private Visit enter(int rule) {
            index[rule] = next;
            low[rule] = next++;
            path.push(rule);
            return new Visit(rule, edges.get(rule).iterator());
        }

        private void leave(int rule) {
            if (low[rule] == index[rule]) {
                int member;
                do {
                    member = path.pop();
                    component[member] = components;
                } while (member != rule);
                components++;
            }
        }
    }
}
