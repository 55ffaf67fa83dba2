package io.github.camelvlm.fleet;

import java.time.Duration;
import java.util.List;

/**
 * How long models stay in memory.
 *
 * @param modelLoading {@code demand} if a model is loaded when it is asked for, or {@code start} if they all are before, in
 *     their order, as many as fit
 * @param modelIdle the time without a request after which a model is unloaded; zero for as long as no other needs its room
 * @param modelMemory the most bytes that models together take of a device; 0 for as many as are free
 * @param places the most requests that wait for a model
 */
public record RoomOptions(String modelLoading, Duration modelIdle, long modelMemory, int places) {

    /** @throws IllegalArgumentException if one is out of its range */
    public RoomOptions {
        if (!List.of("demand", "start").contains(modelLoading)) {
            throw new IllegalArgumentException("modelLoading must be demand or start, but is " + modelLoading);
        }
        if (modelIdle.isNegative()) {
            throw new IllegalArgumentException(
                    "modelIdle must not be negative, but is " + modelIdle.toMillis() + " ms");
        }
        if (modelMemory < 0) {
            throw new IllegalArgumentException("modelMemory must be at least 0, but is " + modelMemory);
        }
    }

    boolean isFilledAtStart() {
        return modelLoading.equals("start");
    }
}
