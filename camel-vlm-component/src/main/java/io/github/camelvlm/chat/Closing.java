package io.github.camelvlm.chat;

import java.util.Arrays;
import java.util.function.Consumer;

/** Takes every step of a closing, so that one that fails leaves nothing else open. */
public final class Closing {
    private Closing() {}

    /**
     * Takes steps one after another, to the last.
     *
     * @throws RuntimeException or an {@link Error}, the first that a step has thrown; the others are suppressed in it
     */
    public static void all(Runnable... steps) {
        each(Arrays.asList(steps), Runnable::run);
    }

    /**
     * Takes one step for each of several things.
     *
     * @throws RuntimeException or an {@link Error}, the first that a step has thrown; the others are suppressed in it
     */
    public static <T> void each(Iterable<T> things, Consumer<? super T> step) {
        Throwable first = null;
        for (T thing : things) {
            try {
                step.accept(thing);
            } catch (RuntimeException | Error e) {
                if (first == null) {
                    first = e;
                } else if (first != e) {
                    first.addSuppressed(e);
                }
            }
        }
        if (first instanceof Error error) {
            throw error;
        }
        if (first != null) {
            throw (RuntimeException) first;
        }
    }
}
