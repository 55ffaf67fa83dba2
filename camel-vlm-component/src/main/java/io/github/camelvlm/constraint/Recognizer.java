package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.Grammar;
import java.nio.charset.StandardCharsets;

/** Tells whether texts have the form that a grammar describes. */
public final class Recognizer {
    private final Automaton automaton;

    /**
     * Prepares to read texts.
     *
     * @throws EmptyGrammarException if there is no text
     * @throws io.github.camelvlm.grammar.GrammarTooLargeException if it would take too much memory or time
     */
    public Recognizer(Grammar grammar) {
        automaton = Automaton.ofBytes(grammar);
    }

    /** Whether a text as a whole has the form. */
    public boolean matches(String text) {
        State state = automaton.begin();
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            state = automaton.next(state, value);
        }
        return state.mayEnd;
    }
}
