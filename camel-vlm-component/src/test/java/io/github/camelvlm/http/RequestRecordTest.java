package io.github.camelvlm.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RequestRecordTest {
    @Test
    void tellsEachReasonOnceInWhateverOrderTheAnswersEnded() {
        RequestRecord record = new RequestRecord(null);

        record.reasons(Stream.of("stop", "length", "stop"));
        assertThat(record.reason()).isEqualTo("length,stop");

        record.reasons(Stream.of("stop", "stop"));
        assertThat(record.reason()).isEqualTo("stop");
    }
}
