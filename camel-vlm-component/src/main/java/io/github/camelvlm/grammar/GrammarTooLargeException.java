package io.github.camelvlm.grammar;

/** Thrown where the automaton of a grammar would take more memory or time than an answer is worth. */
public class GrammarTooLargeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** @param message what is too large, as the end of a sentence that begins with what the client sent */
    public GrammarTooLargeException(String message) {
        super(message);
    }
}
