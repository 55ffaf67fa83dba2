package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.Grammar;

/** Which tokens may follow in texts of a grammar. Shared by all sequences and threads. */
public final class CompiledGrammar {
    private final Automaton automaton;
    private final Masks masks;
    private final Vocabulary vocabulary;

    CompiledGrammar(Grammar grammar, Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        Nfa nfa = NfaBuilder.build(grammar);
        TokenDistances distances = new TokenDistances(nfa, vocabulary);
        automaton = new Automaton(nfa, distances);
        masks = new Masks(automaton, vocabulary, distances.complete());
    }

    /** For a text that is yet to begin. */
    public Constraint begin() {
        return new Constraint(this, automaton.begin());
    }

    /** About the memory that it takes at present, in bytes. */
    public long bytes() {
        return automaton.nfa.bytes() + automaton.remembered();
    }

    /** How many tokens the shortest text takes, one that ends it included; more than any limit if there is none. */
    int shortest() {
        return automaton.begin().toEnd;
    }

    Automaton automaton() {
        return automaton;
    }

    Masks masks() {
        return masks;
    }

    boolean isEnd(int token) {
        return vocabulary.isEnd(token);
    }

    /** @return the state after a token, {@link State#DEAD} if it may not follow */
    State next(State state, int token) {
        if (isEnd(token)) {
            return state.mayEnd ? state : State.DEAD;
        }
        byte[] bytes = vocabulary.tokens.bytes(token);
        State next = bytes.length == 0 ? State.DEAD : state;
        for (byte value : bytes) {
            next = automaton.next(next, value);
        }
        return next;
    }

    /** The tokens that must follow. */
    int[] forced(State state) {
        int[] forced = state.forced;
        if (forced == null) {
            forced = new ForcedTokens(automaton, vocabulary).after(state);
            state.forced = forced;
        }
        return forced;
    }
}
