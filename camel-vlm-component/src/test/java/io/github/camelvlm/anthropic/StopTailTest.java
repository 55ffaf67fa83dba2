package io.github.camelvlm.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StopTailTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100})
    void tellsTheEndAndNotTheTextInFrontOfIt(int size) {
        StopTail tail = new StopTail(List.of("END", "aEN"));
        StringBuilder given = new StringBuilder();
        String text = "EN is no end, nor is aE, but this is: END";
        for (int i = 0; i < text.length(); i += size) {
            given.append(tail.append(text.substring(i, Math.min(text.length(), i + size))));
        }

        assertThat(tail.stop()).isEqualTo("END");
        assertThat(given + tail.rest()).isEqualTo("EN is no end, nor is aE, but this is: ");
    }

    @Test
    void keepsNothingBackThatCanBeNoEnd() {
        StopTail tail = new StopTail(List.of("END"));

        assertThat(tail.append("an EN")).isEqualTo("an ");
        assertThat(tail.append("emy")).isEqualTo("ENemy");
    }

    @Test
    void givesWhatOnlyBeganAsAnEnd() {
        StopTail tail = new StopTail(List.of("END"));

        assertThat(tail.append("an EN")).isEqualTo("an ");
        assertThat(tail.stop()).isNull();
        assertThat(tail.rest()).isEqualTo("EN");
    }

    @Test
    void tellsTheLongestOfTheEndsThatStandThere() {
        StopTail tail = new StopTail(List.of("D", "END"));

        assertThat(tail.append("the END")).isEqualTo("the ");
        assertThat(tail.stop()).isEqualTo("END");
        assertThat(tail.rest()).isEmpty();
    }
}
