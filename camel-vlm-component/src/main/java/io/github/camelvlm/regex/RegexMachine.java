package io.github.camelvlm.regex;

import io.github.camelvlm.grammar.CodePoints;
import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.GrammarTooLargeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Tells which texts as a whole match a regular expression that may have anchors anywhere. For one thread. */
public final class RegexMachine implements TextLanguage {
    private static final int MOST_NODES = 20_000;
    /** Nodes that are looked at for all texts: the work of a fraction of a second. */
    private static final int MOST_WORK = 3_000_000;

    /** Where in the text a match is: nothing was read; something was; only a line feed may follow; nothing may follow. */
    private static final int BEGUN = 0;

    private static final int WITHIN = 1;
    private static final int BEFORE_LINE_FEED = 2;
    private static final int DONE = 3;
    private static final int PLACES = 4;

    /** For each node the set that leads on; null of others. */
    private final List<CodePoints> sets = new ArrayList<>();

    /** For each node the anchor that leads on; null of others. */
    private final List<Regex.Anchor> anchors = new ArrayList<>();

    private final List<int[]> targets = new ArrayList<>();
    private final int end;
    private final int start;
    private int work;

    /** @throws GrammarTooLargeException if it takes too many nodes */
    public RegexMachine(Regex regex) {
        end = node(null, null);
        start = build(regex, end);
    }

    private int node(CodePoints set, Regex.Anchor anchor, int... to) {
        if (targets.size() >= MOST_NODES) {
            throw new GrammarTooLargeException(
                    "is too large: written out it takes more than " + MOST_NODES + " states");
        }
        sets.add(set);
        anchors.add(anchor);
        targets.add(to);
        return targets.size() - 1;
    }

    private int build(Regex regex, int next) {
        if (regex instanceof Regex.Letter letter) {
            return node(letter.set(), null, next);
        }
        if (regex instanceof Regex.Anchor anchor) {
            return node(null, anchor, next);
        }
        if (regex instanceof Regex.Chain chain) {
            int at = next;
            for (int i = chain.parts().size() - 1; i >= 0; i--) {
                at = build(chain.parts().get(i), at);
            }
            return at;
        }
        if (regex instanceof Regex.Union union) {
            return node(
                    null,
                    null,
                    union.options().stream()
                            .mapToInt(option -> build(option, next))
                            .toArray());
        }
        return repeat((Regex.Repeat) regex, next);
    }

    private int repeat(Regex.Repeat repeat, int next) {
        int at = next;
        if (repeat.most() == Expression.UNBOUNDED) {
            at = node(null, null, 0, 0);
            targets.set(at, new int[] {build(repeat.part(), at), next});
        } else {
            for (int i = repeat.least(); i < repeat.most(); i++) {
                at = node(null, null, build(repeat.part(), at), next);
            }
        }
        for (int i = 0; i < repeat.least(); i++) {
            at = node(null, null, build(repeat.part(), at));
        }
        return at;
    }

    @Override
    public Object begin() {
        return closure(List.of(start * PLACES + BEGUN));
    }

    @Override
    public Object next(Object state, int character) {
        List<Integer> moved = new ArrayList<>();
        for (int item : items(state)) {
            int place = item % PLACES;
            CodePoints set = sets.get(item / PLACES);
            if (set == null || place == DONE || place == BEFORE_LINE_FEED && character != '\n') {
                continue;
            }
            if (set.contains(character)) {
                moved.add(targets.get(item / PLACES)[0] * PLACES + (place == BEFORE_LINE_FEED ? DONE : WITHIN));
            }
        }
        return moved.isEmpty() ? null : closure(moved);
    }

    @Override
    public boolean mayEnd(Object state) {
        return items(state).stream().anyMatch(item -> item / PLACES == end && item % PLACES != BEFORE_LINE_FEED);
    }

    @Override
    public void addBoundaries(Object state, SortedSet<Integer> boundaries) {
        for (int item : items(state)) {
            CodePoints set = sets.get(item / PLACES);
            if (set != null) {
                int[] ranges = set.ranges();
                for (int i = 0; i < ranges.length; i += 2) {
                    boundaries.add(ranges[i]);
                    boundaries.add(ranges[i + 1] + 1);
                }
            }
            if (item % PLACES == BEFORE_LINE_FEED) {
                boundaries.add((int) '\n');
                boundaries.add('\n' + 1);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Set<Integer> items(Object state) {
        return (Set<Integer>) state;
    }

    private Set<Integer> closure(List<Integer> from) {
        Set<Integer> all = new TreeSet<>(from);
        Deque<Integer> open = new ArrayDeque<>(all);
        while (!open.isEmpty()) {
            if (++work > MOST_WORK) {
                throw new GrammarTooLargeException("is a regular expression that takes too long to work out");
            }
            int item = open.poll();
            int node = item / PLACES;
            if (sets.get(node) != null) {
                continue;
            }
            for (int place : places(anchors.get(node), item % PLACES)) {
                for (int target : targets.get(node)) {
                    if (all.add(target * PLACES + place)) {
                        open.add(target * PLACES + place);
                    }
                }
            }
        }
        // What leads on without a character has done so.
        all.removeIf(item -> sets.get(item / PLACES) == null && item / PLACES != end);
        return all;
    }

    /** Where a match may be after an anchor. */
    private static int[] places(Regex.Anchor anchor, int place) {
        if (anchor == null) {
            return new int[] {place};
        }
        return switch (anchor) {
            case START -> place == BEGUN ? new int[] {place} : new int[0];
            case END -> place == BEFORE_LINE_FEED ? new int[0] : new int[] {DONE};
            case END_OR_LINE_FEED ->
                place == DONE || place == BEFORE_LINE_FEED ? new int[] {place} : new int[] {DONE, BEFORE_LINE_FEED};
        };
    }
}
