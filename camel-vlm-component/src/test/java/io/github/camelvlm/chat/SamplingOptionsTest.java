package io.github.camelvlm.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplingOptionsTest {
    @Test
    void holdBiasesInOneOrderInEveryJvm() {
        Map<Integer, Double> biases = new HashMap<>();
        IntStream.of(151_643, 7, 90_001, 12, 31, 4_500, 64, 2_000_000, 19, 1).forEach(token -> biases.put(token, 1.0));

        assertThat(SamplingOptions.builder()
                        .logitBias(biases)
                        .build()
                        .logitBias()
                        .keySet())
                .containsExactlyElementsOf(List.of(1, 7, 12, 19, 31, 64, 4_500, 90_001, 151_643, 2_000_000));
    }
}
