package io.github.camelvlm.chat;

import java.util.List;

/** A request asks for a model that is not here. */
public class ModelNotServedException extends VlmException {
    private static final long serialVersionUID = 1L;

    /**
     * @param asked the name that the request wrote
     * @param served the names that can be asked for
     */
    public ModelNotServedException(String asked, List<String> served) {
        super("The model \"" + asked + "\" is not served here: ask for " + String.join(" or ", served));
    }
}
