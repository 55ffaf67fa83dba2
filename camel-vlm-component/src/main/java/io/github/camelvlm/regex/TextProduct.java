package io.github.camelvlm.regex;

import io.github.camelvlm.grammar.CodePoints;
import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.GrammarTooLargeException;
import io.github.camelvlm.grammar.Letters;
import io.github.camelvlm.grammar.Rules;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The texts that several languages have in common, written out as states and rules. */
public final class TextProduct {
    /** States that are written out. */
    public static final int MOST_STATES = 5_000;

    private static final int MOST_EDGES = 200_000;

    private final List<TextLanguage> languages;
    private final Map<List<Object>, Integer> numbers = new LinkedHashMap<>();
    private final Deque<List<Object>> open = new ArrayDeque<>();
    /** For each state where which characters lead. */
    private final List<Map<Integer, CodePoints>> edges = new ArrayList<>();

    private final BitSet ends = new BitSet();
    private final BitSet alive = new BitSet();

    /** @throws GrammarTooLargeException if there are too many states */
    public TextProduct(List<TextLanguage> languages) {
        this.languages = languages;
        number(languages.stream().map(TextLanguage::begin).toList());
        int total = 0;
        while (!open.isEmpty()) {
            List<Object> state = open.poll();
            Map<Integer, CodePoints> to = edges(state);
            edges.add(to);
            total += to.size();
            if (total > MOST_EDGES) {
                throw tooLarge();
            }
        }
        findAlive();
    }

    private static GrammarTooLargeException tooLarge() {
        return new GrammarTooLargeException(
                "is too large: what is asked of the text takes more than " + MOST_STATES + " states together");
    }

    private int number(List<Object> state) {
        Integer known = numbers.get(state);
        if (known != null) {
            return known;
        }
        int number = numbers.size();
        if (number >= MOST_STATES) {
            throw tooLarge();
        }
        numbers.put(state, number);
        open.add(state);
        boolean mayEnd = true;
        for (int i = 0; i < languages.size(); i++) {
            mayEnd &= languages.get(i).mayEnd(state.get(i));
        }
        ends.set(number, mayEnd);
        return number;
    }

    private Map<Integer, CodePoints> edges(List<Object> state) {
        SortedSet<Integer> boundaries = new TreeSet<>(List.of(0, Character.MAX_CODE_POINT + 1));
        for (int i = 0; i < languages.size(); i++) {
            languages.get(i).addBoundaries(state.get(i), boundaries);
        }
        Map<Integer, List<int[]>> ranges = new TreeMap<>();
        int first = -1;
        for (int boundary : boundaries) {
            if (first >= 0) {
                List<Object> next = next(state, first);
                if (next != null) {
                    ranges.computeIfAbsent(number(next), target -> new ArrayList<>())
                            .add(new int[] {first, boundary - 1});
                }
            }
            first = boundary;
        }
        Map<Integer, CodePoints> to = new TreeMap<>();
        ranges.forEach((target, of) -> {
            CodePoints set = CodePoints.ofRanges(of);
            if (!set.isEmpty()) {
                to.put(target, set);
            }
        });
        return to;
    }

    private List<Object> next(List<Object> state, int character) {
        List<Object> next = new ArrayList<>();
        for (int i = 0; i < languages.size(); i++) {
            Object one = languages.get(i).next(state.get(i), character);
            if (one == null) {
                return null;
            }
            next.add(one);
        }
        return next;
    }

    /** Finds the states from which a text may still end. */
    private void findAlive() {
        List<List<Integer>> sources = new ArrayList<>();
        edges.forEach(of -> sources.add(new ArrayList<>()));
        for (int state = 0; state < edges.size(); state++) {
            for (int target : edges.get(state).keySet()) {
                sources.get(target).add(state);
            }
        }
        Deque<Integer> found = new ArrayDeque<>();
        ends.stream().forEach(found::add);
        while (!found.isEmpty()) {
            int state = found.poll();
            if (!alive.get(state)) {
                alive.set(state);
                found.addAll(sources.get(state));
            }
        }
    }

    /** Whether they have no text in common. */
    public boolean isEmpty() {
        return !alive.get(0);
    }

    /** Whether a text belongs to all of some languages. */
    public static boolean matches(List<TextLanguage> languages, String text) {
        for (TextLanguage language : languages) {
            Object state = language.begin();
            for (int character : text.codePoints().toArray()) {
                state = state == null ? null : language.next(state, character);
            }
            if (state == null || !language.mayEnd(state)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The texts, followed by something.
     *
     * @param letters how a character is written
     */
    public Expression expression(Letters letters, Expression end, Rules rules) {
        int base = rules.reserve(edges.size());
        for (int state = 0; state < edges.size(); state++) {
            List<Expression> options = new ArrayList<>();
            if (ends.get(state)) {
                options.add(end);
            }
            edges.get(state).forEach((target, set) -> {
                if (alive.get(target)) {
                    options.add(Expression.sequence(letters.of(set), new Expression.Reference(base + target)));
                }
            });
            rules.set(base + state, new Expression.Alternatives(options));
        }
        return new Expression.Reference(base);
    }
}
