package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.Grammar;
import io.github.camelvlm.grammar.GrammarTooLargeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;

/**
 * Reads texts of a grammar byte by byte. States are made when they are come to, and remembered; any number of threads
 * may read at the same time.
 */
final class Automaton {
    /** Calls within each other; what reads JSON elsewhere rarely goes deeper. */
    static final int DEEPEST = 1000;
    /** Places of a state. Of more, those nearest the end are kept: fewer texts may follow, and no wrong ones. */
    static final int MOST_PLACES = 4096;
    /** What is remembered, in bytes, before all is forgotten. */
    static final long MOST_BYTES =
            Math.min(32 << 20, Math.max(2 << 20, Runtime.getRuntime().maxMemory() / 64));

    private static final Comparator<Closure.Place> IN_ORDER = Comparator.<Closure.Place>comparingInt(
                    place -> place.node())
            .thenComparingInt(place -> place.frame().number)
            .thenComparingInt(Closure.Place::count);

    final Nfa nfa;
    private final Least least;
    private final int[] ranks;
    private final int[] depths;
    private final int[] distances;
    private final Map<Frame, Frame> frames = new ConcurrentHashMap<>();
    private final Map<State, State> states = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicLong kept = new AtomicLong();
    private final State begin;

    /**
     * Prepares to read.
     *
     * @param least tells the fewest tokens from each node to the end of its rule
     * @throws EmptyGrammarException if there is no text
     * @throws GrammarTooLargeException if it cannot be read in bounded time
     */
    Automaton(Nfa nfa, Least least) {
        this.nfa = nfa;
        this.least = least;
        distances = least.solve();
        depths = new Depths(nfa).solve();
        if (depths[nfa.start[0]] > DEEPEST) {
            throw new EmptyGrammarException("is met by no text");
        }
        ranks = new Ranks(nfa, depths).ranks();
        Closure closure = new Closure(this);
        closure.add(nfa.start[0], 0, Frame.ROOT);
        begin = closure.finish();
        if (closure.isCut()) {
            throw new GrammarTooLargeException("is too large: it may begin in too many ways");
        }
    }

    /** What reads texts alone, without tokens. */
    static Automaton ofBytes(Grammar grammar) {
        Nfa nfa = NfaBuilder.build(grammar);
        return new Automaton(nfa, new Bytes(nfa));
    }

    /** Bytes of what is remembered, about. */
    long remembered() {
        return kept.get();
    }

    State begin() {
        return begin;
    }

    /** @return the state after a byte, {@link State#DEAD} if it may not follow */
    State next(State state, byte value) {
        if (state == State.DEAD) {
            return state;
        }
        int byteClass = nfa.byteClass[value & 0xFF];
        State next = state.next[byteClass];
        if (next == null) {
            next = step(state, value & 0xFF);
            state.next[byteClass] = next;
        }
        return next;
    }

    private State step(State state, int value) {
        Closure closure = null;
        for (int i = 0; i < state.size(); i++) {
            int[] edges = nfa.values[state.nodes[i]];
            for (int edge = 0; edge < edges.length && edges[edge] <= value; edge += 3) {
                if (value <= edges[edge + 1]) {
                    if (closure == null) {
                        closure = new Closure(this);
                    }
                    closure.add(edges[edge + 2], state.counts[i], state.frames[i]);
                }
            }
        }
        return closure == null ? State.DEAD : closure.finish();
    }

    /** The state of a text that has come to one place. */
    State at(int node, int count, Frame frame) {
        Closure closure = new Closure(this);
        closure.add(node, count, frame);
        return closure.finish();
    }

    /** The fewest tokens from one place of a state to the end of the text. */
    int distance(State state, int place) {
        return sum(distance(state.nodes[place], state.counts[place]), state.frames[place].distance);
    }

    /** Remembers the tokens that may follow in a state. */
    void keep(State state, Mask mask) {
        state.mask = mask;
        int bytes = 64
                + 4 * mask.more().length
                + (mask.more().length == 0 && mask.shared() != null ? 8 * mask.shared().length : 0);
        count(bytes);
    }

    int rank(int rule) {
        return ranks[rule];
    }

    /** Whether the end can be reached, and without calls too deep within each other. */
    boolean isAlive(int node, Frame frame) {
        return frame.depth + depths[node] <= DEEPEST;
    }

    boolean mayCall(int rule, Frame frame) {
        return frame.depth + 1 + depths[nfa.start[rule]] <= DEEPEST;
    }

    Frame frame(Collection<Closure.Place> returns) {
        List<Closure.Place> places = chosen(returns);
        int size = places.size();
        int depth = 0;
        int distance = Least.NEVER;
        int[] nodes = new int[size];
        int[] counts = new int[size];
        Frame[] parents = new Frame[size];
        for (int i = 0; i < size; i++) {
            Closure.Place place = places.get(i);
            nodes[i] = place.node();
            counts[i] = place.count();
            parents[i] = place.frame();
            depth = Math.max(depth, parents[i].depth + 1);
            distance = Math.min(distance, distance(place));
        }
        count(100 + 12 * size);
        Frame frame = new Frame(nodes, counts, parents, depth, distance);
        frame.number = numbers.incrementAndGet();
        Frame known = frames.putIfAbsent(frame, frame);
        return known == null ? frame : known;
    }

    State state(Collection<Closure.Place> kept, boolean mayEnd, int work) {
        if (kept.isEmpty() && !mayEnd) {
            return State.DEAD;
        }
        List<Closure.Place> places = chosen(kept);
        int size = places.size();
        int distance = mayEnd ? 0 : Least.NEVER;
        int[] nodes = new int[size];
        int[] counts = new int[size];
        Frame[] parents = new Frame[size];
        for (int i = 0; i < size; i++) {
            Closure.Place place = places.get(i);
            nodes[i] = place.node();
            counts[i] = place.count();
            parents[i] = place.frame();
            distance = Math.min(distance, distance(place));
        }
        count(150 + 12 * size + 4 * nfa.byteOf.length);
        State state = new State(nodes, counts, parents, mayEnd, distance, work, nfa.byteOf.length);
        State known = states.putIfAbsent(state, state);
        return known == null ? state : known;
    }

    /** Those that texts can be told apart by, in order. */
    private List<Closure.Place> chosen(Collection<Closure.Place> places) {
        List<Closure.Place> sorted = new ArrayList<>(places);
        if (sorted.size() > 1) {
            sorted.sort(IN_ORDER);
            sorted = withoutSubsumed(sorted);
        }
        if (sorted.size() > MOST_PLACES) {
            sorted.sort(Comparator.comparingInt(this::distance));
            sorted = new ArrayList<>(sorted.subList(0, MOST_PLACES));
            sorted.sort(IN_ORDER);
        }
        return sorted;
    }

    /** Of places that differ in how often something was repeated, that from which all texts of the others may follow. */
    private List<Closure.Place> withoutSubsumed(List<Closure.Place> sorted) {
        List<Closure.Place> rest = new ArrayList<>(sorted.size());
        for (Closure.Place place : sorted) {
            Closure.Place last = rest.isEmpty() ? null : rest.get(rest.size() - 1);
            if (last != null && last.node() == place.node() && last.frame() == place.frame()) {
                int[] loop = nfa.values[nfa.loop[place.node()]];
                // At the last place of one time that time is not counted yet.
                if (last.count() + 1 >= loop[0]) {
                    continue;
                }
                if (loop[1] == Expression.UNBOUNDED) {
                    rest.remove(rest.size() - 1);
                }
            }
            rest.add(place);
        }
        return rest;
    }

    private int distance(Closure.Place place) {
        return sum(distance(place.node(), place.count()), place.frame().distance);
    }

    /** The fewest tokens from a place to the end of its rule. */
    int distance(int node, int count) {
        int loop = nfa.loop[node];
        if (loop < 0 || loop == node) {
            return distances[node];
        }
        int[] values = nfa.values[loop];
        int once = distances[values[2]];
        int after = distances[values[3]];
        if (nfa.counted.get(node) && count < values[0]) {
            // All times that are missing, by tokens that may be several times each.
            return sum(least.ofTimes(loop, values[0] - count, once), after);
        }
        int missing = Math.max(0, values[0] - count - 1);
        return sum(sum(distances[node], missing == 0 ? 0 : least.ofTimes(loop, missing, once)), after);
    }

    static int times(int times, int once) {
        return (int) Math.min((long) times * Math.min(once, Least.FAR), Least.FAR);
    }

    static int sum(int one, int other) {
        return one == Least.NEVER || other == Least.NEVER ? Least.NEVER : Math.min(one + other, Least.FAR);
    }

    private void count(int bytes) {
        if (kept.addAndGet(bytes) > MOST_BYTES) {
            forget();
        }
    }

    /** Forgets what was found, so that memory is bounded; what sequences hold remains right. */
    private synchronized void forget() {
        if (kept.get() > MOST_BYTES) {
            states.keySet().forEach(State::forget);
            states.clear();
            frames.clear();
            kept.set(0);
        }
    }

    /** The fewest bytes. */
    private static final class Bytes extends Least {
        Bytes(Nfa nfa) {
            super(nfa);
        }

        @Override
        int ofBytes(int node, IntUnaryOperator of) {
            int best = NEVER;
            int[] edges = nfa.values[node];
            for (int i = 2; i < edges.length; i += 3) {
                best = Math.min(best, sum(1, of.applyAsInt(edges[i])));
            }
            return best;
        }

        @Override
        int ofCall(int rule) {
            return rule;
        }

        @Override
        int ofSequence(int one, int after) {
            return sum(one, after);
        }

        @Override
        int ofTimes(int loop, int times, int once) {
            return times(times, once);
        }
    }

    /** The fewest calls within each other. */
    private static final class Depths extends Least {
        Depths(Nfa nfa) {
            super(nfa);
        }

        @Override
        int ofBytes(int node, IntUnaryOperator of) {
            int best = NEVER;
            int[] edges = nfa.values[node];
            for (int i = 2; i < edges.length; i += 3) {
                best = Math.min(best, of.applyAsInt(edges[i]));
            }
            return best;
        }

        @Override
        int ofCall(int rule) {
            return rule + 1;
        }

        @Override
        int ofSequence(int one, int after) {
            return Math.max(one, after);
        }

        @Override
        int ofTimes(int loop, int times, int once) {
            return once;
        }
    }
}
