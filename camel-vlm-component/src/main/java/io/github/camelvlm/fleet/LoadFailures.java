package io.github.camelvlm.fleet;

import io.github.camelvlm.chat.EngineUnavailableException;

/** Tells each of those that waited for a model why it has not come. */
final class LoadFailures {
    private LoadFailures() {}

    /**
     * The same in the thread that is told, which has a stack of its own. Its message goes to clients, so that what tells of
     * files here stays in the cause.
     */
    static EngineUnavailableException told(String model, Throwable failure) {
        if (failure instanceof EngineUnavailableException) {
            return new EngineUnavailableException(failure.getMessage(), failure);
        }
        return new EngineUnavailableException(
                failure instanceof OutOfMemoryError
                        ? "Model " + model + " is not loaded, since memory ran out: try again later"
                        : "Model " + model + " cannot be loaded at present: the log says why",
                failure);
    }
}
