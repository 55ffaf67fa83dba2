package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.goldens.EditedModel;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Checkpoints with rounded weights, in each format that is served, against what transformers computes with the same weights. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuantizedCheckpointTest {
    private static final int CONTEXT = 2048;

    private final Map<Path, QwenModel> float32 = new HashMap<>();

    @BeforeAll
    void load() {
        TorchRuntime.prepareThread(1);
        for (Path directory : GoldenCase.QUANTIZED) {
            float32.put(directory, load(directory, Dtype.FLOAT32));
        }
    }

    private static QwenModel load(Path directory, Dtype dtype) {
        return load(directory, dtype, LinearKernel.PLAIN);
    }

    private static QwenModel load(Path directory, Dtype dtype, LinearKernel kernel) {
        QwenModel model = QwenModel.load(directory, new Execution("cpu", dtype, kernel));
        model.program().allocate(CONTEXT);
        return model;
    }

    @AfterAll
    void close() {
        float32.values().forEach(QwenModel::close);
    }

    @ParameterizedTest
    @MethodSource("io.github.camelvlm.goldens.GoldenCase#quantized")
    void computesInFloat32FromTheRoundedWeightsWithoutRoundingThemAgain(GoldenCase golden) {
        double[] logprobs = logprobs(float32.get(golden.model()), golden);

        assertThat(largestDifference(logprobs, golden)).isLessThan(2e-3);
    }

    static Stream<Arguments> modelsInEachForm() {
        return GoldenCase.QUANTIZED.stream()
                .flatMap(model -> Stream.of(LinearKernel.PLAIN, LinearKernel.NATIVE)
                        .filter(kernel -> kernel.isSupported(Dtype.BFLOAT16))
                        .map(kernel -> Arguments.of(model, kernel)));
    }

    @ParameterizedTest
    @MethodSource("modelsInEachForm")
    void computesInBfloat16WhatTransformersDoesAboutAsWell(Path directory, LinearKernel kernel) {
        List<GoldenCase> goldens = GoldenCase.quantized()
                .filter(golden ->
                        golden.model().equals(directory) && golden.ints("prompt_token_ids").length < CONTEXT / 4)
                .toList();
        try (QwenModel model = load(directory, Dtype.BFLOAT16, kernel)) {
            double sum = 0;
            int count = 0;
            for (GoldenCase golden : goldens) {
                for (double difference : differences(logprobs(model, golden), golden)) {
                    sum += difference;
                    count++;
                }
            }
            assertThat(sum / count).isLessThan(0.1);
        }
    }

    private static double[] logprobs(QwenModel model, GoldenCase golden) {
        return TeacherForcing.logprobs(
                model.program(),
                model.promptCompiler(CONTEXT, 64_000_000).compile(golden.messagesWithReferencePixels()),
                golden.ints("generated_token_ids"));
    }

    private static double[] differences(double[] logprobs, GoldenCase golden) {
        double[] differences = new double[logprobs.length];
        for (int i = 0; i < logprobs.length; i++) {
            differences[i] = Math.abs(logprobs[i]
                    - golden.json().get("logprobs").get(i).get("logprob").asDouble());
        }
        return differences;
    }

    private static double largestDifference(double[] logprobs, GoldenCase golden) {
        return Arrays.stream(differences(logprobs, golden)).max().orElseThrow();
    }

    @Test
    void holdsScalesThatFloat16HardlyHolds(@TempDir Path folder) throws IOException {
        // The largest numbers of float16 times 15 are beyond it, and would be infinite.
        String v = "model.layers.0.self_attn.v_proj.scales";
        EditedModel.copy(Path.of("src/test/resources/models/random-awq"), folder)
                .tensor(v, QuantizedCheckpointTest::fillWithTheLargest);
        GoldenCase golden = GoldenCase.quantized().findFirst().orElseThrow();

        for (Dtype dtype : new Dtype[] {Dtype.BFLOAT16, Dtype.FLOAT32}) {
            try (QwenModel model = load(folder, dtype)) {
                assertThat(Arrays.stream(logprobs(model, golden))).allMatch(Double::isFinite);
            }
        }
    }

    private static void fillWithTheLargest(ByteBuffer scales) {
        while (scales.hasRemaining()) {
            scales.putShort((short) 0x7bff);
        }
    }
}
