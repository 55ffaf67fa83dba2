package io.github.camelvlm.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "' 7 ', 7", "-5, 0", "99999999999, 86400"})
    void readsSecondsUpToADay(String header, long seconds) {
        assertThat(RetryAfter.read(header)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void readsADate() {
        ZonedDateTime soon = ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(30);

        assertThat(RetryAfter.read(DateTimeFormatter.RFC_1123_DATE_TIME.format(soon)))
                .isBetween(Duration.ofSeconds(28), Duration.ofSeconds(31));
        assertThat(RetryAfter.read("Wed, 21 Oct 2015 07:28:00 GMT")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "99999999999999999999", "1.5"})
    void takesNothingFromWhatCannotBeRead(String header) {
        assertThat(RetryAfter.read(header)).isNull();
        assertThat(RetryAfter.read(null)).isNull();
    }
}
