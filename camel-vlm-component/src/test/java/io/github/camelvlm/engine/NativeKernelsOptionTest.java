package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.torch.NativeKernels;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine with the component's own kernels, and one without. */
class NativeKernelsOptionTest {

    @ParameterizedTest
    @ValueSource(strings = {"none", "int8", "int4"})
    void answersNearlyAlwaysAlikeWithThemAndWithout(String quantization) throws InterruptedException {
        assumeThat(NativeKernels.instructions())
                .as("this build has kernels for this processor: " + NativeKernels.reason())
                .isPresent();
        EngineOptions options = Engines.quantized(GoldenCase.SHAPES_VL, quantization);
        List<GoldenCase> cases = GoldenCase.shapes().toList();
        try (LocalEngine with = LocalEngine.load(options);
                LocalEngine without = LocalEngine.load(Engines.withoutNativeKernels(options))) {
            int right = 0;
            int rightWithout = 0;
            for (GoldenCase golden : cases) {
                String text = golden.json().get("text").asText();
                right += with.generate(Engines.greedy(golden)).await().text().equals(text) ? 1 : 0;
                rightWithout +=
                        without.generate(Engines.greedy(golden)).await().text().equals(text) ? 1 : 0;
            }

            assertThat(with.execution())
                    .contains("native kernels (" + NativeKernels.instructions().orElseThrow() + ")");
            assertThat(without.execution()).doesNotContain("native");
            int wrong = quantization.equals("int4") ? 2 : 1;
            assertThat(right).isGreaterThanOrEqualTo(cases.size() - wrong);
            assertThat(rightWithout).isGreaterThanOrEqualTo(cases.size() - 2);
        }
    }

    /** What is missing at run time is told, and nothing else fails. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "int8"})
    void areToldOfOrWhyTheyAreMissing(String quantization) {
        try (LocalEngine engine = LocalEngine.load(Engines.quantized(GoldenCase.SHAPES_VL, quantization))) {
            assertThat(engine.execution().contains("native kernels"))
                    .isEqualTo(NativeKernels.instructions().isPresent());
            assertThat(NativeKernels.reason().isEmpty())
                    .isEqualTo(NativeKernels.instructions().isPresent());
        }
    }
}
