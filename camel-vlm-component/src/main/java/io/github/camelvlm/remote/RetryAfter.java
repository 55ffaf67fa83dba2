package io.github.camelvlm.remote;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** The header by which a server says when to come again (RFC 9110, 10.2.3). */
final class RetryAfter {
    private static final long LONGEST_SECONDS = Duration.ofDays(1).toSeconds();

    private RetryAfter() {}

    /**
     * Reads seconds or a date.
     *
     * @param header may be null
     * @return the time from now on, at most a day; null if the header says nothing that can be read
     */
    static Duration read(String header) {
        if (header == null) {
            return null;
        }
        try {
            return Duration.ofSeconds(Math.min(LONGEST_SECONDS, Math.max(0, Long.parseLong(header.strip()))));
        } catch (NumberFormatException e) {
            return untilDate(header.strip());
        }
    }

    private static Duration untilDate(String date) {
        try {
            Instant then = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            long seconds = Duration.between(Instant.now(), then).toSeconds() + 1;
            return Duration.ofSeconds(Math.min(LONGEST_SECONDS, Math.max(0, seconds)));
        } catch (DateTimeException e) {
            return null;
        }
    }
}
