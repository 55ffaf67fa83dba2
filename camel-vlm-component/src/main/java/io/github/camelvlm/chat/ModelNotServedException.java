package io.github.camelvlm.chat;

import java.util.List;

/** A request asks for a model that is not here. */
public class ModelNotServedException extends VlmException {
    private static final long serialVersionUID = 1L;

    /** @param message what is not served where, and what to ask for */
    public ModelNotServedException(String message) {
        super(message);
    }

    /**
     * @param asked the name that the request wrote
     * @param served the names that can be asked for
     */
    public ModelNotServedException(String asked, List<String> served) {
        super("The model \"" + asked + "\" is not served here: ask for " + String.join(" or ", served));
    }
}
