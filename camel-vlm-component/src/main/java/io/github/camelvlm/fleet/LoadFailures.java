package io.github.camelvlm.fleet;

import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.VlmException;

/** Tells each of those that waited for a model why it has not come. */
final class LoadFailures {
    private LoadFailures() {}

    /** The same in the thread that is told, which has a stack of its own. */
    static VlmException told(String model, Throwable failure) {
        if (failure instanceof EngineUnavailableException) {
            return new EngineUnavailableException(failure.getMessage(), failure);
        }
        if (failure instanceof OutOfMemoryError) {
            return new EngineUnavailableException(
                    "Model " + model + " is not loaded, since memory ran out: try again later", failure);
        }
        return new ModelLoadException("Model " + model + " cannot be loaded: " + failure.getMessage(), failure);
    }
}
