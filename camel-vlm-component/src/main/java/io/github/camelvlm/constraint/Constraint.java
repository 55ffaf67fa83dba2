package io.github.camelvlm.constraint;

/** Which tokens may follow in one sequence. For one thread at a time, but for {@link #prepare}. */
public final class Constraint {
    private final CompiledGrammar grammar;
    private State state;
    private boolean ended;

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
        return grammar.mask(state);
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
        ended = grammar.vocabulary.isEnd(id);
        state = next;
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
        return new int[0];
    }

    /** Finds masks that are likely to be asked for next. Any thread may call it at any time. */
    public void prepare() {}
}
