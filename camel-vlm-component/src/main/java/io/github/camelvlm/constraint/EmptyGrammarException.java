package io.github.camelvlm.constraint;

/** Thrown where no text at all has the form that was asked for. */
public class EmptyGrammarException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** @param message what is wrong, as the end of a sentence that begins with what the client sent */
    public EmptyGrammarException(String message) {
        super(message);
    }
}
