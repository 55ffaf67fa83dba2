package io.github.camelvlm.constraint;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Which tokens may follow in one sequence. For one thread at a time, but for {@link #prepare}. */
public final class Constraint {
    private static final long MOST_NANOS = 3_000_000;
    private static final int MOST_TRIED = 512;
    private static final int MOST_PREPARED = 16;

    private final CompiledGrammar grammar;
    private volatile State state;
    private volatile boolean ended;

    Constraint(CompiledGrammar grammar, State state) {
        this.grammar = grammar;
        this.state = state;
    }

    /**
     * Tells which tokens may come next: token {@code t} if bit {@code t % 64} of word {@code t / 64} is set. End tokens
     * are among them where the text may end.
     *
     * @param remaining how many tokens may still be chosen, the next one included; those after which the text could no
     *     longer end in time are left out, as long as it can at all
     * @return may be shared and is not to be changed
     */
    public long[] mask(int remaining) {
        return grammar.masks().bits(state, remaining, ended);
    }

    /**
     * Takes the token that was chosen.
     *
     * @throws IllegalArgumentException if it may not follow
     */
    public void accept(int id) {
        State next = ended ? State.DEAD : grammar.next(state, id);
        if (next == State.DEAD) {
            throw new IllegalArgumentException("token " + id + " may not follow");
        }
        ended = grammar.isEnd(id);
        state = next;
    }

    /** Whether the mask is known already. */
    boolean isPrepared() {
        return state.mask != null;
    }

    /** Whether the text has ended: nothing but an end token may follow. */
    public boolean isComplete() {
        return ended || state.isComplete();
    }

    /** One that goes on from here by itself. */
    public Constraint copy() {
        Constraint copy = new Constraint(grammar, state);
        copy.ended = ended;
        return copy;
    }

    /**
     * Tells which tokens must follow, as the tokenizer would write the text that must.
     *
     * @param most how many, at most
     * @return none where there is a choice
     */
    public int[] forced(int most) {
        if (ended || most <= 0) {
            return new int[0];
        }
        int[] forced = grammar.forced(state);
        return Arrays.copyOf(forced, Math.min(most, forced.length));
    }

    /**
     * Finds masks that are likely to be asked for next, for some milliseconds at most. Any thread may call it at any
     * time.
     */
    public void prepare() {
        State from = state;
        long end = System.nanoTime() + MOST_NANOS;
        State at = from;
        for (int token : grammar.forced(from)) {
            at = grammar.next(at, token);
            grammar.masks().mask(at);
        }
        long[] mask = grammar.masks().bits(from, Integer.MAX_VALUE, false);
        Set<State> found = new HashSet<>();
        int tried = 0;
        // Tokens are numbered by how frequent they are.
        for (int word = 0; word < mask.length; word++) {
            for (long bits = mask[word]; bits != 0; bits &= bits - 1) {
                if (tried++ == MOST_TRIED || found.size() == MOST_PREPARED || System.nanoTime() > end) {
                    return;
                }
                State next = grammar.next(from, 64 * word + Long.numberOfTrailingZeros(bits));
                if (next != State.DEAD && found.add(next)) {
                    grammar.masks().mask(next);
                }
            }
        }
    }
}
