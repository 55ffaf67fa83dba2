package io.github.camelvlm.anthropic;

import java.util.Comparator;
import java.util.List;

/**
 * Keeps the end of a text back as long as it may be one of the texts that end an answer, so that it can be told which one
 * did and is not sent itself.
 */
final class StopTail {
    private final List<String> stops;
    private final StringBuilder kept = new StringBuilder();

    StopTail(List<String> stops) {
        this.stops = stops;
    }

    /** Adds a piece; gives what of the text so far cannot be a part of such an end. */
    String append(String piece) {
        kept.append(piece);
        int from = Math.max(0, kept.length() - longest());
        while (from < kept.length() && !mayBeEnding(from)) {
            from++;
        }
        String free = kept.substring(0, from);
        kept.delete(0, from);
        return free;
    }

    private int longest() {
        return stops.stream().mapToInt(String::length).max().orElse(0);
    }

    private boolean mayBeEnding(int from) {
        String end = kept.substring(from);
        return stops.stream().anyMatch(stop -> stop.startsWith(end));
    }

    /** Gives all that is kept back. */
    String flush() {
        String all = kept.toString();
        kept.setLength(0);
        return all;
    }

    /** The one with which the text ends; null for none. */
    String stop() {
        String end = kept.toString();
        return stops.stream()
                .filter(stop -> !stop.isEmpty() && end.endsWith(stop))
                .max(Comparator.comparingInt(String::length))
                .orElse(null);
    }

    /** What is kept back and is no such end. */
    String rest() {
        String stop = stop();
        return kept.substring(0, kept.length() - (stop == null ? 0 : stop.length()));
    }
}
