package io.github.camelvlm;

import io.github.camelvlm.observation.ObservedAnswer;
import org.apache.camel.Exchange;

/** Answers messages by generating. */
@FunctionalInterface
interface Operation {

    /**
     * Answers the message of an exchange, in its place.
     *
     * @param observed is told of the end
     */
    void answer(Exchange exchange, ObservedAnswer observed) throws InterruptedException;
}
