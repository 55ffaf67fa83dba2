package io.github.camelvlm.routes.start;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartSummaryTest {
    @ParameterizedTest
    @CsvSource({
        "20000000, 20 MB",
        "104857600, 104.9 MB",
        "1000000000, 1000 MB",
        "20000000000, 20000 MB",
        "500000, 0.5 MB",
        "4096, 4096 bytes"
    })
    void writesNumbersOfBytesAsPeopleReadThem(long bytes, String text) {
        assertThat(StartSummary.megabytes(bytes)).isEqualTo(text);
    }
}
