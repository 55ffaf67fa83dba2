package io.github.camelvlm.constraint;

/** Which tokens may follow in texts of a grammar. Shared by all sequences and threads. */
public final class CompiledGrammar {
    final Automaton automaton;
    final Vocabulary vocabulary;

    CompiledGrammar(Grammar grammar, Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        automaton = new Automaton(grammar);
    }

    /** For a text that is yet to begin. */
    public Constraint begin() {
        return new Constraint(this, automaton.begin());
    }

    long[] mask(State state) {
        long[] mask = new long[vocabulary.tokens.words()];
        TokenTrie trie = vocabulary.tokens;
        State[] path = new State[trie.longest() + 1];
        path[0] = state;
        for (int node = 0; node < trie.size(); ) {
            State next = automaton.next(path[trie.depth(node) - 1], trie.label(node));
            if (next == State.DEAD) {
                node = trie.end(node);
                continue;
            }
            path[trie.depth(node)] = next;
            for (int token = trie.token(node); token >= 0; token = trie.same(token)) {
                mask[token >> 6] |= 1L << token;
            }
            node++;
        }
        if (state.mayEnd) {
            for (int token : vocabulary.endTokens) {
                mask[token >> 6] |= 1L << token;
            }
        }
        return mask;
    }

    /** @return the state after a token, {@link State#DEAD} if it may not follow */
    State next(State state, int token) {
        if (vocabulary.isEnd(token)) {
            return state.mayEnd ? state : State.DEAD;
        }
        byte[] bytes = vocabulary.tokens.bytes(token);
        State next = bytes.length == 0 ? State.DEAD : state;
        for (byte value : bytes) {
            next = automaton.next(next, value);
        }
        return next;
    }
}
