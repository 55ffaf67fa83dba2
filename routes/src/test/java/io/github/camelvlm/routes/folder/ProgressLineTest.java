package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    @Test
    void tellsRateAndTimeLeft() {
        assertThat(new ProgressLine(310, 2, 688, Duration.ofSeconds(15)).underWay())
                .isEqualTo("312 of 1000 pictures: 310 done, 2 failed, 20.8 pictures/s, 33 s left");
        assertThat(new ProgressLine(1, 0, 99, Duration.ofSeconds(12)).underWay())
                .isEqualTo("1 of 100 pictures: 1 done, 0 failed, 0.08 pictures/s, 20 min left");
        assertThat(new ProgressLine(10, 0, 9990, Duration.ofSeconds(60)).underWay())
                .endsWith(", 17 h left");
    }

    @Test
    void guessesNothingBeforeTheFirst() {
        assertThat(new ProgressLine(0, 0, 8, Duration.ofSeconds(5)).underWay())
                .isEqualTo("0 of 8 pictures: 0 done, 0 failed");
    }

    @Test
    void tellsWhatABatchCameTo() {
        assertThat(new ProgressLine(990, 10, 0, Duration.ofSeconds(48)).over())
                .isEqualTo("1000 pictures: 990 done, 10 failed in 48 s, 20.8 pictures/s");
    }
}
