package io.github.camelvlm.routes.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One number measured several times, of which the median counts. */
final class Rounds {
    private final List<Double> numbers = new ArrayList<>();

    void add(double number) {
        numbers.add(number);
    }

    double median() {
        List<Double> sorted = new ArrayList<>(numbers);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
