package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.goldens.GeneratedWeights;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.AdapterDirectories;
import io.github.camelvlm.model.CompiledPrompt;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.model.ModelAdapter;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Adapters for checkpoints with rounded weights: merged into what these stand for, or beside them as they are. */
class AdaptedQuantizedTest {
    private static final int CONTEXT = 2048;
    private static final Execution EXECUTION = new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN);

    @TempDir
    private Path folder;

    @BeforeEach
    void prepareThread() {
        TorchRuntime.prepareThread(1);
    }

    static Stream<Path> models() {
        return GoldenCase.QUANTIZED.stream();
    }

    @ParameterizedTest
    @MethodSource("models")
    void computesTheSameMergedAsBeside(Path model) throws IOException {
        writeAdapter(model);
        GoldenCase golden = GoldenCase.quantized()
                .filter(each -> each.model().equals(model))
                .filter(each -> each.ints("prompt_token_ids").length < CONTEXT / 4)
                .findFirst()
                .orElseThrow();

        double[] merged;
        try (QwenModel loaded = load(model, new AdapterDirectories(List.of(folder), Map.of()))) {
            merged = logprobs(loaded, golden, ModelAdapter.ABSENT);
        }
        try (QwenModel loaded = load(model, new AdapterDirectories(List.of(), Map.of("random", folder)))) {
            assertThat(largestDifference(
                            merged, logprobs(loaded, golden, loaded.adapters().get("random"))))
                    .isLessThan(2e-3);
            assertThat(largestDifference(merged, logprobs(loaded, golden, ModelAdapter.ABSENT)))
                    .isGreaterThan(0.1);
        }
    }

    private static QwenModel load(Path model, AdapterDirectories adapters) {
        QwenModel loaded = QwenModel.load(model, adapters, EXECUTION);
        loaded.program().allocate(CONTEXT);
        return loaded;
    }

    private static double[] logprobs(QwenModel model, GoldenCase golden, ModelAdapter adapter) {
        CompiledPrompt prompt = model.promptCompiler(CONTEXT, 64_000_000).compile(golden.messages());
        return TeacherForcing.logprobs(model.program(), prompt.with(adapter), golden.ints("generated_token_ids"));
    }

    private static double largestDifference(double[] one, double[] other) {
        double largest = 0;
        for (int i = 0; i < one.length; i++) {
            largest = Math.max(largest, Math.abs(one[i] - other[i]));
        }
        return largest;
    }

    /** One of random numbers for two of the decoder's matrices, of which one is a part of what is multiplied together. */
    private void writeAdapter(Path model) throws IOException {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        WeightShapes.of(QwenConfig.read(model)).forEach((name, shape) -> {
            if (name.matches("model\\.layers\\..*(v_proj|down_proj)\\.weight")) {
                String module = "base_model.model." + name.replaceAll("weight$", "");
                shapes.put(module + "lora_A.weight", List.of(4L, shape.get(1)));
                shapes.put(module + "lora_B.weight", List.of(shape.get(0), 4L));
            }
        });
        GeneratedWeights.random(folder, shapes);
        Files.move(folder.resolve("model.safetensors"), folder.resolve("adapter_model.safetensors"));
        Files.writeString(
                folder.resolve("adapter_config.json"),
                new ObjectMapper()
                        .createObjectNode()
                        .put("peft_type", "LORA")
                        .put("r", 4)
                        .put("lora_alpha", 400)
                        .put("target_modules", ".*(v_proj|down_proj)")
                        .toString());
    }
}
