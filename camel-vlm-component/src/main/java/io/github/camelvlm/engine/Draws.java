package io.github.camelvlm.engine;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The random numbers of one answer, by the number of the token that each decides on: the same however often it is asked for. */
final class Draws {
    private final SplittableRandom random;
    private double[] drawn = new double[16];
    private int count;

    /** @param seed what gives them; null for numbers that are never the same again */
    Draws(Long seed) {
        random = seed == null ? new SplittableRandom() : new SplittableRandom(seed);
    }

    /** A number in [0, 1). */
    double at(int index) {
        while (count <= index) {
            if (count == drawn.length) {
                drawn = Arrays.copyOf(drawn, 2 * count);
            }
            drawn[count++] = random.nextDouble();
        }
        return drawn[index];
    }
}
