package io.github.camelvlm.routes.folder;

import java.time.Duration;
import java.util.Locale;

/**
 * How far a batch of pictures is.
 *
 * @param done how many were described
 * @param failed how many could not be described
 * @param left how many are still to come, those in hand included
 * @param elapsed since the first was taken
 */
record ProgressLine(int done, int failed, int left, Duration elapsed) {
    /** Such as {@code 312 of 1000 pictures: 310 done, 2 failed, 21.4 pictures/s, 33 s left}. */
    String underWay() {
        String line =
                String.format(Locale.ROOT, "%d of %d pictures: %s", done + failed, done + failed + left, counts());
        if (done + failed == 0) {
            return line;
        }
        Duration remaining = Duration.ofMillis((long) (left / perSecond() * 1000));
        return line + ", " + rate() + ", " + time(remaining) + " left";
    }

    /** Such as {@code 1000 pictures: 990 done, 10 failed in 48 s, 20.8 pictures/s}. */
    String over() {
        return String.format(Locale.ROOT, "%d pictures: %s in %s, %s", done + failed, counts(), time(elapsed), rate());
    }

    private String counts() {
        return done + " done, " + failed + " failed";
    }

    private double perSecond() {
        return (done + failed) * 1000.0 / Math.max(1, elapsed.toMillis());
    }

    /** Of slow models two digits of the fraction count. */
    private String rate() {
        return String.format(Locale.ROOT, perSecond() < 1 ? "%.2f pictures/s" : "%.1f pictures/s", perSecond());
    }

    private static String time(Duration time) {
        if (time.toSeconds() < 100) {
            return Math.round(time.toMillis() / 1000.0) + " s";
        }
        if (time.toMinutes() < 100) {
            return Math.round(time.toSeconds() / 60.0) + " min";
        }
        return Math.round(time.toMinutes() / 60.0) + " h";
    }
}
