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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An adapter of any matrix of any family, and of checkpoints with rounded weights, adds beside the model what it adds merged
 * into it.
 */
class AdapterFormsTest {
    private static final int CONTEXT = 2048;
    private static final Execution EXECUTION = new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN);

    @TempDir
    private Path folder;

    @BeforeEach
    void prepareThread() {
        TorchRuntime.prepareThread(1);
    }

    static Stream<Path> quantized() {
        return GoldenCase.QUANTIZED.stream();
    }

    @ParameterizedTest
    @MethodSource("quantized")
    void computesTheSameFromRoundedWeights(Path model) throws IOException {
        GoldenCase golden = GoldenCase.quantized()
                .filter(each -> each.model().equals(model))
                .filter(each -> each.ints("prompt_token_ids").length < CONTEXT / 4)
                .findFirst()
                .orElseThrow();

        // One of them is a part of what is multiplied together.
        assertSame(golden, "model\\.layers\\..*(v_proj|down_proj)");
    }

    static Stream<Arguments> places() {
        return Stream.of(GoldenCase.RANDOM_VL, GoldenCase.RANDOM_VL25, GoldenCase.RANDOM_VL3)
                .flatMap(model -> modules(model).map(module -> Arguments.of(model, module)));
    }

    /** The modules of the first layer and the first block that have matrices, and those beside layers and blocks. */
    private static Stream<String> modules(Path model) {
        return WeightShapes.of(QwenConfig.read(model)).entrySet().stream()
                .filter(weight ->
                        weight.getKey().endsWith(".weight") && weight.getValue().size() == 2)
                .map(weight -> weight.getKey().replaceAll("\\.weight$", ""))
                .filter(module -> !module.matches("lm_head|.*embed.*|(?:model\\.layers|visual\\.blocks)\\.[1-9].*"));
    }

    @ParameterizedTest(name = "{1} of {0}")
    @MethodSource("places")
    void computesTheSameOfEveryMatrix(Path model, String module) throws IOException {
        GoldenCase golden = GoldenCase.all()
                .filter(each -> each.model().equals(model) && each.name().equals("see tiny.png"))
                .findFirst()
                .orElseThrow();

        assertSame(golden, module.replace(".", "\\."));
    }

    private void assertSame(GoldenCase golden, String modules) throws IOException {
        writeAdapter(golden.model(), modules);
        double[] merged;
        try (QwenModel loaded = load(golden.model(), new AdapterDirectories(List.of(folder), Map.of()))) {
            merged = logprobs(loaded, golden, ModelAdapter.ABSENT);
        }
        try (QwenModel loaded = load(golden.model(), new AdapterDirectories(List.of(), Map.of("random", folder)))) {
            double[] beside = logprobs(loaded, golden, loaded.adapters().get("random"));
            double[] without = logprobs(loaded, golden, ModelAdapter.ABSENT);

            assertThat(largestDifference(merged, beside)).isLessThan(2e-3);
            assertThat(largestDifference(merged, without)).isGreaterThan(2e-2);
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

    /** One of random numbers. */
    private void writeAdapter(Path model, String modules) throws IOException {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        WeightShapes.of(QwenConfig.read(model)).forEach((name, shape) -> {
            if (name.matches("(?:" + modules + ")\\.weight")) {
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
                        .put("lora_alpha", 2000)
                        .put("target_modules", modules)
                        .toString());
    }
}
