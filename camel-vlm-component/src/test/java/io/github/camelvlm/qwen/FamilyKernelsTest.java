package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each family in bfloat16, with its matrices in each form. Random weights leave bfloat16 a large part of a nat. */
class FamilyKernelsTest {

    static Stream<Arguments> modelsInEachForm() {
        return Stream.of(GoldenCase.RANDOM_VL, GoldenCase.RANDOM_VL25, GoldenCase.RANDOM_VL3)
                .flatMap(model -> Stream.of(LinearKernel.values())
                        .filter(kernel -> kernel.isSupported(Dtype.BFLOAT16))
                        .map(kernel -> Arguments.of(model, kernel)));
    }

    @ParameterizedTest
    @MethodSource("modelsInEachForm")
    void staysNearWhatTransformersComputesInFloat32(Path model, LinearKernel kernel) {
        // Another position, window or layer is off by more than 1.
        double bound =
                switch (kernel) {
                    case PLAIN, PACKED, NATIVE -> 0.1;
                    case INT8, NATIVE_INT8, INT4 -> 0.4;
                    // The tokens of a text are many rows, which INT4 multiplies in 8 bits.
                    case NATIVE_INT4 -> 0.9;
                };
        TorchRuntime.prepareThread(1);
        try (QwenModel loaded = QwenModel.load(model, new Execution("cpu", Dtype.BFLOAT16, kernel))) {
            loaded.program().allocate(1024);
            GoldenCase.allWithVideos()
                    .filter(golden -> golden.model().equals(model) && !golden.isLossy())
                    .forEach(golden -> {
                        double[] logprobs = TeacherForcing.logprobs(
                                loaded.program(),
                                loaded.promptCompiler(1024, 64_000_000).compile(golden.messages()),
                                golden.ints("generated_token_ids"));
                        double mean = IntStream.range(0, logprobs.length)
                                .mapToDouble(i -> Math.abs(logprobs[i]
                                        - golden.json()
                                                .get("logprobs")
                                                .get(i)
                                                .get("logprob")
                                                .asDouble()))
                                .average()
                                .orElseThrow();
                        assertThat(mean).as(golden.name()).isLessThan(bound);
                    });
        }
    }
}
