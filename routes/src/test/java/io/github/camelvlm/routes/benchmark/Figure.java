package io.github.camelvlm.routes.benchmark;

import java.util.Locale;
import java.util.Optional;

/**
 * A measured number.
 *
 * @param name what was measured
 * @param value the number
 * @param unit its unit; "ratio" for none
 * @param bar what it must be, such as {@code >= 0.80}; empty where nothing is asked
 */
record Figure(String name, double value, String unit, String bar) {

    /** Whether it is as it must be; empty where nothing is asked. */
    Optional<Boolean> isMet() {
        if (bar.isEmpty()) {
            return Optional.empty();
        }
        double bound = Double.parseDouble(bar.substring(3));
        return Optional.of(bar.startsWith(">=") ? value >= bound : value <= bound);
    }

    /** A line that {@link #parse} reads. */
    String format() {
        return String.join("|", name, Double.toString(value), unit, bar);
    }

    static Figure parse(String line) {
        String[] parts = line.split("\\|", -1);
        return new Figure(parts[0], Double.parseDouble(parts[1]), parts[2], parts[3]);
    }

    /** The value in about three digits. */
    String rounded() {
        double size = Math.abs(value);
        return String.format(
                Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    }
}
