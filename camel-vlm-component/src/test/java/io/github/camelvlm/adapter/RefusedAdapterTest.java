package io.github.camelvlm.adapter;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.goldens.EditedModel;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.AdapterDirectories;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.model.ModelFamilies;
import io.github.camelvlm.torch.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An adapter that does not fit, or is not served, is refused by name: none is ever ignored, in whole or in part. */
class RefusedAdapterTest {
    private static final String CONFIG = "adapter_config.json";
    private static final String UP = "base_model.model.model.language_model.layers.0.mlp.up_proj.";

    @TempDir
    private Path folder;

    private EditedModel adapter;

    @BeforeEach
    void copy() throws IOException {
        adapter = EditedModel.copy(GoldenCase.ADAPTERS.resolve("adapter-text"), folder);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
        return assertRefused(new AdapterDirectories(List.of(folder), Map.of()));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(AdapterDirectories adapters) {
        return assertThatThrownBy(() -> ModelFamilies.load(
                        GoldenCase.RANDOM_VL, adapters, new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN)))
                .isInstanceOf(ModelLoadException.class);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Consumer<ObjectNode> config)
            throws IOException {
        adapter.json(CONFIG, config);
        return assertRefused();
    }

    /** A number of one adapter that is none would reach the rows of others, which are multiplied by it together. */
    @ParameterizedTest
    @CsvSource({"true, lora_A", "true, lora_B", "false, lora_A", "false, lora_B"})
    void refusesNumbersThatAreNone(boolean merged, String half) throws IOException {
        // The bfloat16 that is no number.
        adapter.tensor(UP + half + ".weight", bytes -> bytes.putShort(2, (short) 0x7fc0));

        assertRefused(
                        merged
                                ? new AdapterDirectories(List.of(folder), Map.of())
                                : new AdapterDirectories(List.of(), Map.of("a", folder)))
                .hasMessageStartingWith("The adapter in " + folder + " has " + UP + "lora_A.weight and " + UP
                        + "lora_B.weight, which, or whose product with lora_alpha, are not finite in float32: the"
                        + " training has failed");
    }

    @Test
    void refusesADirectoryThatIsNotThere() {
        assertRefused(new AdapterDirectories(List.of(folder.resolve("elsewhere")), Map.of()))
                .hasMessage("There is no adapter directory " + folder.resolve("elsewhere")
                        + ": name the folder that holds adapter_config.json and adapter_model.safetensors");
    }

    @Test
    void refusesADirectoryThatHoldsNoAdapter() throws IOException {
        adapter.delete(CONFIG);

        assertRefused().hasMessageContaining(folder + " lacks adapter_config.json: name a folder with an adapter");
    }

    @Test
    void refusesAPickleAndSaysHowToSaveItAgain() throws IOException {
        Files.move(folder.resolve("adapter_model.safetensors"), folder.resolve("adapter_model.bin"));

        assertRefused()
                .hasMessageContaining("lacks adapter_model.safetensors; adapter_model.bin is not read")
                .hasMessageContaining("safe_serialization=True");
    }

    @Test
    void refusesAnotherKindOfAdapter() throws IOException {
        assertRefused(config -> config.put("peft_type", "IA3"))
                .hasMessageContaining("peft_type must be LORA, the kind that is served, but is \"IA3\"");
    }

    @ParameterizedTest
    @CsvSource({
        "lora_bias, true",
        "use_qalora, true",
        "layer_replication, '[[0, 2]]'",
        "trainable_token_indices, '[7]'",
        "target_parameters, '[\"experts\"]'",
        "alora_invocation_tokens, '[7]'"
    })
    void refusesWhatChangesHowItComputes(String field, String value) throws IOException {
        JsonNode json = new ObjectMapper().readTree(value);

        assertRefused(config -> config.set(field, json)).hasMessageContaining(field + " must be unset");
    }

    @ParameterizedTest
    @CsvSource({"use_rslora", "use_dora"})
    void refusesAFlagThatIsNone(String flag) throws IOException {
        assertRefused(config -> config.put(flag, "yes")).hasMessageContaining(flag + " must be true or false");
    }

    @Test
    void refusesABiasThatIsNone() throws IOException {
        assertRefused(config -> config.put("bias", 7))
                .hasMessageContaining("adapter_config.json: bias must be none or all or lora_only, but is 7");
    }

    @Test
    @Timeout(30)
    void refusesPatternsOfWhichThereAreTooMany() throws IOException {
        assertRefused(config -> {
                    ObjectNode ranks = config.putObject("rank_pattern");
                    for (int i = 0; i < 20_000; i++) {
                        ranks.put("(a|b)*(.*)(.*)" + i, 4);
                    }
                })
                .hasMessageContaining("adapter_config.json: rank_pattern takes for ever on the name");
    }

    @Test
    void refusesRepetitionsThatLookAtNothing() throws IOException {
        assertRefused(config -> config.put("target_modules", "(?:(?:){2000000000}){2000000000}"))
                .hasMessageContaining(
                        "adapter_config.json: target_modules has a regular expression that repeats too often");
    }

    @Test
    void refusesAnInitializationThatChangesTheBase() throws IOException {
        assertRefused(config -> config.put("init_lora_weights", "pissa_niter_16"))
                .hasMessageContaining("init_lora_weights must be true")
                .hasMessageContaining("path_initial_model_for_weight_conversion");
    }

    @ParameterizedTest
    @CsvSource({"r, 0", "r, 100000", "lora_alpha, 0", "lora_alpha, -1"})
    void refusesNumbersThatCannotBe(String field, int value) throws IOException {
        assertRefused(config -> config.put(field, value)).hasMessageContaining(field + " must be a");
    }

    @Test
    void refusesAPatternThatIsNone() throws IOException {
        assertRefused(config -> config.put("target_modules", "(q_proj"))
                .hasMessageContaining("target_modules is no regular expression");
    }

    @Test
    @Timeout(30)
    void refusesAPatternThatTakesForEver() throws IOException {
        assertRefused(config -> config.put("target_modules", "(([a-z0-9_.]+)+)+!"))
                .hasMessageContaining("takes for ever on the name model.language_model.layers");
    }

    @Test
    void refusesATensorThatMatchesNothing() throws IOException {
        adapter.rename(name -> name.replace("layers.2", "layers.7"));

        assertRefused()
                .hasMessageContaining("layers.7")
                .hasMessageContaining("which matches nothing of this model: it was trained for random-vl");
    }

    @Test
    void refusesTensorsOfEmbeddings() throws IOException {
        adapter.rename(
                name -> name.replace(UP + "lora_A.weight", "base_model.model.model.embed_tokens.lora_embedding_A"));

        assertRefused().hasMessageContaining("embed_tokens.lora_embedding_A, which matches nothing");
    }

    @Test
    void refusesATensorOfAnotherRank() throws IOException {
        assertRefused(config -> config.put("r", 8))
                .hasMessageContaining(
                        "lora_A.weight of the shape [4, 224], but by adapter_config.json and the model it must be [8, 224]");
    }

    @Test
    void refusesAnAdapterForAModelOfOtherWidths() throws IOException {
        adapter.headers(header -> {
            ((ObjectNode) header.get(UP + "lora_A.weight"))
                    .putArray("shape")
                    .add(8)
                    .add(56);
        });

        assertRefused().hasMessageContaining("of the shape [8, 56]").hasMessageContaining("Use it with that model");
    }

    @Test
    void refusesHalfOfAPair() throws IOException {
        adapter.headers(header -> header.remove(UP + "lora_B.weight"));

        assertRefused().hasMessageContaining("lacks the tensor lora_B of model.language_model.layers.0.mlp.up_proj");
    }

    @Test
    void refusesALayerThatIsNotThere() throws IOException {
        adapter.headers(header -> {
            header.remove(UP + "lora_A.weight");
            header.remove(UP + "lora_B.weight");
        });

        assertRefused()
                .hasMessageContaining(
                        "lacks the tensors of model.layers.0.mlp.up_proj, though target_modules names up_proj");
    }

    /** What such targets mean in all layers alike is told by the layers that are there. */
    @ParameterizedTest
    @CsvSource({"all-linear", ".*[.]layers[.].*proj"})
    void refusesALayerThatIsNotThereWhereTargetsAreNoList(String targets) throws IOException {
        adapter.headers(header -> {
            header.remove(UP + "lora_A.weight");
            header.remove(UP + "lora_B.weight");
        });

        assertRefused(config -> config.put("target_modules", targets))
                .hasMessageContaining("lacks the tensors of model.language_model.layers.0.mlp.up_proj, though"
                        + " target_modules means it as it does model.language_model.layers.");
    }

    @Test
    void takesALayerThatIsNotThereWhereAnExpressionLeavesItOut() throws IOException {
        adapter.headers(header -> {
            header.remove(UP + "lora_A.weight");
            header.remove(UP + "lora_B.weight");
        });
        adapter.json(
                CONFIG,
                config -> config.put(
                        "target_modules", ".*[.]layers[.](?:[1-9].*|0[.](?:self_attn.*|mlp[.](?:gate|down)_proj))"));

        ModelFamilies.load(
                        GoldenCase.RANDOM_VL,
                        new AdapterDirectories(List.of(folder), Map.of()),
                        new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN))
                .close();
    }

    @Test
    void takesALayerThatIsNotThereWhereTheFileNamesTheLayers() throws IOException {
        adapter.headers(header -> {
            header.remove(UP + "lora_A.weight");
            header.remove(UP + "lora_B.weight");
        });
        adapter.json(
                CONFIG, config -> config.putArray("layers_to_transform").add(1).add(2));

        ModelFamilies.load(
                        GoldenCase.RANDOM_VL,
                        new AdapterDirectories(List.of(folder), Map.of()),
                        new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN))
                .close();
    }

    @Test
    void refusesATensorThatNoTargetNames() throws IOException {
        assertRefused(config -> config.putArray("target_modules").add("q_proj"))
                .hasMessageContaining("but target_modules in adapter_config.json does not name its module");
    }

    @Test
    void refusesRoundedNumbers() throws IOException {
        adapter.headers(header -> {
            ObjectNode tensor = (ObjectNode) header.get(UP + "lora_A.weight");
            tensor.put("dtype", "F8_E4M3").putArray("shape").add(8).add(112);
        });

        assertRefused().hasMessageContaining("up_proj.lora_A.weight, which is stored as float8_e4m3fn: save it as");
    }

    @Test
    void refusesATypeThatNoWeightHas() throws IOException {
        adapter.headers(header -> ((ObjectNode) header.get(UP + "lora_A.weight")).put("dtype", "I16"));

        assertRefused().hasMessageContaining("up_proj.lora_A.weight is stored as I16, which no weight may be");
    }

    @Test
    void refusesMagnitudesWithoutDora() throws IOException {
        EditedModel dora = EditedModel.copy(
                GoldenCase.ADAPTERS.resolve("adapter-dora"), Files.createDirectory(folder.resolve("dora")));
        dora.json(CONFIG, config -> config.put("use_dora", false));

        assertRefused(new AdapterDirectories(List.of(dora.directory()), Map.of()))
                .hasMessageContaining("lora_magnitude_vector, but use_dora is not set");
    }

    @Test
    void refusesAModuleToSaveThatWasNotSaved() throws IOException {
        assertRefused(config -> config.putArray("modules_to_save").add("lm_head"))
                .hasMessageContaining("lacks the tensors of lm_head, though modules_to_save names it");
    }

    @Test
    void advisesToMergeWhatCannotBeChosenPerRequest() {
        Path dora = GoldenCase.ADAPTERS.resolve("adapter-dora");

        assertRefused(new AdapterDirectories(List.of(), Map.of("dora", dora)))
                .hasMessage(
                        "The adapter in " + dora + " has base_model.model.lm_head.weight, which was trained whole and"
                                + " cannot be chosen per request: merge it into the model instead (mergeAdapter)");
    }

    @Test
    void advisesToMergeADora() throws IOException {
        EditedModel dora = EditedModel.copy(
                GoldenCase.ADAPTERS.resolve("adapter-dora"), Files.createDirectory(folder.resolve("dora")));
        dora.headers(header -> header.remove("base_model.model.lm_head.weight"));
        dora.json(CONFIG, config -> config.putNull("modules_to_save"));

        assertRefused(new AdapterDirectories(List.of(), Map.of("dora", dora.directory())))
                .hasMessageContaining("is a DoRA (use_dora), which cannot be chosen per request: merge it");
    }
}
