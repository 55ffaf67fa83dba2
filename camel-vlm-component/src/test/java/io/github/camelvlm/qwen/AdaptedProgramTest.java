package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.goldens.EditedModel;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.AdapterDirectories;
import io.github.camelvlm.model.CompiledPrompt;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.model.ModelAdapter;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters in float32 on a CPU, merged and beside the model, against what transformers computes with them merged. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdaptedProgramTest {
    private static final int CONTEXT = 2048;
    private static final String BESIDE = "beside the model";
    private static final List<String> ADAPTERS = List.of("adapter-text", "adapter-vision", "adapter-dora");

    private final Map<String, QwenModel> models = new HashMap<>();

    @BeforeAll
    void load() {
        TorchRuntime.prepareThread(1);
        for (String adapter : ADAPTERS) {
            Path directory = GoldenCase.ADAPTERS.resolve(adapter);
            models.put(adapter, load(new AdapterDirectories(List.of(directory), Map.of())));
        }
        Map<String, Path> beside = new LinkedHashMap<>();
        ADAPTERS.subList(0, 2).forEach(name -> beside.put(name, GoldenCase.ADAPTERS.resolve(name)));
        models.put(BESIDE, load(new AdapterDirectories(List.of(), beside)));
    }

    private static QwenModel load(AdapterDirectories adapters) {
        QwenModel model =
                QwenModel.load(GoldenCase.RANDOM_VL, adapters, new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN));
        model.program().allocate(CONTEXT);
        return model;
    }

    @AfterAll
    void close() {
        models.values().forEach(QwenModel::close);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("merged")
    void computesMergedWhatTransformersDoes(String adapter, GoldenCase golden) {
        QwenModel model = models.get(adapter);

        assertAgrees(model, compile(model, golden), golden);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("beside")
    void computesBesideTheModelWhatTransformersDoes(String adapter, GoldenCase golden) {
        QwenModel model = models.get(BESIDE);

        assertAgrees(model, compile(model, golden).with(model.adapters().get(adapter)), golden);
    }

    @ParameterizedTest
    @MethodSource("io.github.camelvlm.goldens.GoldenCase#random")
    void leavesTheModelAsItIsForThoseThatAskForNone(GoldenCase golden) {
        QwenModel model = models.get(BESIDE);

        assertAgrees(model, compile(model, golden), golden);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"base_model.model.model.", "base_model.model.language_model.model.", "model.language_model."})
    void readsTheNamesOfAllVersions(String prefix, @TempDir Path folder) throws IOException {
        EditedModel.copy(GoldenCase.ADAPTERS.resolve("adapter-text"), folder)
                .rename(name -> name.replace("base_model.model.model.language_model.", prefix)
                        .replace("lora_A.", "lora_A.default."));

        assertAgreesMerged(List.of(folder), "adapter-text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"all-linear", "^(?!.*visual).*\\.(?:[qkvo]_proj|(gate|up|down)_proj)$"})
    void takesTargetsByARegularExpressionToo(String targets, @TempDir Path folder) throws IOException {
        EditedModel.copy(GoldenCase.ADAPTERS.resolve("adapter-text"), folder)
                .json("adapter_config.json", config -> config.put("target_modules", targets));

        assertAgreesMerged(List.of(folder), "adapter-text");
    }

    @Test
    void addsUpAdaptersThatAreMergedOneAfterTheOther(@TempDir Path folder) throws IOException {
        // Half of an adapter twice is the whole of it.
        EditedModel.copy(GoldenCase.ADAPTERS.resolve("adapter-text"), folder)
                .json("adapter_config.json", config -> config.put("lora_alpha", 4));

        assertAgreesMerged(List.of(folder, folder), "adapter-text");
    }

    private static void assertAgreesMerged(List<Path> directories, String adapter) {
        try (QwenModel model = load(new AdapterDirectories(directories, Map.of()))) {
            GoldenCase golden = GoldenCase.adapted(adapter)
                    .filter(each -> each.name().equals("no image"))
                    .findFirst()
                    .orElseThrow();

            assertAgrees(model, compile(model, golden), golden);
        }
    }

    @ParameterizedTest
    @EnumSource(LinearKernel.class)
    void addsToMatricesOfAnyForm(LinearKernel kernel) {
        Execution execution = new Execution("cpu", Dtype.BFLOAT16, kernel);
        assumeTrue(kernel.isSupported(Dtype.BFLOAT16), "this build of libtorch has no such operators");
        Path directory = GoldenCase.ADAPTERS.resolve("adapter-text");
        AdapterDirectories both = new AdapterDirectories(List.of(), Map.of("text", directory));
        try (QwenModel model = QwenModel.load(GoldenCase.RANDOM_VL, both, execution)) {
            model.program().allocate(CONTEXT);
            // Four bits for every row, and not for one or two alone.
            double bound = kernel == LinearKernel.NATIVE_INT4 ? 0.5 : 0.25;
            assertThat(meanDifference(model, model.adapters().get("text"))).isLessThan(bound);
            assertThat(meanDifference(model, ModelAdapter.ABSENT)).isGreaterThan(1);
        }
    }

    /** Between what a model computes with an adapter and what transformers does with adapter-text. */
    private static double meanDifference(QwenModel model, ModelAdapter adapter) {
        double sum = 0;
        int count = 0;
        for (GoldenCase golden : GoldenCase.adapted("adapter-text").toList()) {
            double[] logprobs = TeacherForcing.logprobs(
                    model.program(), compile(model, golden).with(adapter), golden.ints("generated_token_ids"));
            for (int i = 0; i < logprobs.length; i++, count++) {
                sum += Math.abs(logprobs[i]
                        - golden.json().get("logprobs").get(i).get("logprob").asDouble());
            }
        }
        return sum / count;
    }

    private static CompiledPrompt compile(QwenModel model, GoldenCase golden) {
        return model.promptCompiler(CONTEXT, 64_000_000).compile(golden.messagesWithReferencePixels());
    }

    private static void assertAgrees(QwenModel model, CompiledPrompt prompt, GoldenCase golden) {
        for (int i = 0; i < prompt.pictures().size(); i++) {
            JsonNode expected = golden.json().get("image_embeddings").get(i);
            model.program().begin(i, prompt.pictures().get(i).image());
            model.program()
                    .encode(
                            i,
                            prompt.pictures().get(i).adapter(),
                            0,
                            model.program().halfBlocks());
            double[] embeddings = model.program().picture(i);
            double norm = Math.sqrt(Arrays.stream(embeddings).map(x -> x * x).sum());
            assertThat(norm / expected.get("norm").asDouble()).isCloseTo(1, Offset.offset(1e-3));
            for (int j = 0; j < expected.get("first").size(); j++) {
                assertThat(embeddings[j])
                        .isCloseTo(
                                expected.get("first").get(j).asDouble(),
                                Offset.offset(1e-3 * norm / Math.sqrt(embeddings.length)));
            }
        }
        double[] logprobs = TeacherForcing.logprobs(model.program(), prompt, golden.ints("generated_token_ids"));
        for (int i = 0; i < logprobs.length; i++) {
            assertThat(logprobs[i])
                    .as("token %d", i)
                    .isCloseTo(
                            golden.json().get("logprobs").get(i).get("logprob").asDouble(), Offset.offset(2e-3));
        }
    }

    static Stream<Arguments> merged() {
        return ADAPTERS.stream().flatMap(AdaptedProgramTest::cases);
    }

    static Stream<Arguments> beside() {
        return ADAPTERS.stream().limit(2).flatMap(AdaptedProgramTest::cases);
    }

    private static Stream<Arguments> cases(String adapter) {
        return GoldenCase.adapted(adapter).map(golden -> Arguments.of(adapter, golden));
    }
}
