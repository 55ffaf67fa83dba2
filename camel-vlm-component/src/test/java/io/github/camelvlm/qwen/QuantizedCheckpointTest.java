package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
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
        QwenModel model = QwenModel.load(directory, new Execution("cpu", dtype, LinearKernel.PLAIN));
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

        for (int i = 0; i < logprobs.length; i++) {
            assertThat(logprobs[i])
                    .as("token %d", i)
                    .isCloseTo(
                            golden.json().get("logprobs").get(i).get("logprob").asDouble(), Offset.offset(2e-3));
        }
    }

    private static double[] logprobs(QwenModel model, GoldenCase golden) {
        return TeacherForcing.logprobs(
                model.program(),
                model.promptCompiler(CONTEXT, 64_000_000).compile(golden.messagesWithReferencePixels()),
                golden.ints("generated_token_ids"));
    }
}
