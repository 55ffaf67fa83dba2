package io.github.camelvlm.langchain4j;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.ModelNotServedException;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.chat.UpstreamAccessException;
import io.github.camelvlm.chat.VlmException;

/** Says in LangChain4j's exceptions what went wrong, so that what may pass is tried again and what will not is not. */
final class Failures {
    private Failures() {}

    static LangChain4jException of(VlmException failure) {
        String message = failure.getMessage();
        if (failure instanceof io.github.camelvlm.chat.InvalidRequestException
                || failure instanceof UnreadablePictureException) {
            return new InvalidRequestException(message, failure);
        } else if (failure instanceof ModelNotServedException || failure instanceof ModelLoadException) {
            return new ModelNotFoundException(message, failure);
        } else if (failure instanceof QueueFullException) {
            return new RateLimitException(message, failure);
        } else if (failure instanceof UpstreamAccessException) {
            return new AuthenticationException(message, failure);
        }
        return new InternalServerException(message, failure);
    }

    /** The calling thread's interruption stays set. */
    static LangChain4jException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new LangChain4jException("The answer was given up: its thread was interrupted", cause);
    }
}
