package io.github.camelvlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fields of {@code quantization_config} as published checkpoints have them, and what is said of those that are not served. */
class QuantizationConfigTest {
    private static final String Q_PROJ = "model.layers.0.self_attn.q_proj";

    private static final String COMPRESSED = """
            {"quant_method": "compressed-tensors", "format": "%s", "quantization_status": "compressed",
             "global_compression_ratio": 1.5, "kv_cache_scheme": null, "ignore": ["lm_head", "re:visual.*"],
             "config_groups": {"group_0": {"targets": ["Linear"], "input_activations": %s, "output_activations": null,
               "weights": {"actorder": null, "block_structure": null, "dynamic": false, "observer": "minmax",
                 "observer_kwargs": {}, "type": "%s", "num_bits": %d, "symmetric": %s, "strategy": "%s",
                 "group_size": %s}}}}
            """;

    @TempDir
    private Path folder;

    private Quantization read(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"quantization_config\": " + json + "}");
        return QuantizationConfig.read(JsonFile.read(folder, "config.json"));
    }

    private static List<String> parts(Quantization quantization, String... names) {
        return quantization.formatOf(List.of(names)).stream()
                .flatMap(format -> format.parts(names[0], 512, 1024).stream())
                .filter(StoredPart::required)
                .map(part -> part.suffix() + part.shape())
                .collect(Collectors.toList());
    }

    @Test
    void knowsACheckpointThatHasRoundedNothing() throws IOException {
        assertThat(read("null").formatOf(List.of(Q_PROJ))).isEmpty();
    }

    @Test
    void acceptsWhatAutoAwqWrote() throws IOException {
        Quantization awq = read("""
                {"bits": 4, "group_size": 128, "modules_to_not_convert": ["visual"], "quant_method": "awq",
                 "version": "gemm", "zero_point": true}""");

        assertThat(awq.description()).isEqualTo("AWQ, 4 bits in groups of 128");
        assertThat(parts(awq, Q_PROJ)).containsExactly("qweight[1024, 64]", "qzeros[8, 64]", "scales[8, 512]");
        assertThat(parts(awq, "visual.blocks.0.attn.qkv", "model.visual.blocks.0.attn.qkv"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"4, 128, 64", "8, 256, 128"})
    void acceptsWhatAutoGptqWrote(int bits, int rows, int zeros) throws IOException {
        Quantization gptq = read("""
                {"batch_size": 1, "bits": %d, "block_name_to_quantize": null, "cache_block_outputs": true,
                 "damp_percent": 0.1, "dataset": null, "desc_act": false, "exllama_config": {"version": 1},
                 "group_size": 128, "max_input_length": null, "model_seqlen": null, "module_name_preceding_first_block":
                 null, "modules_in_block_to_quantize": null, "pad_token_id": null, "quant_method": "gptq",
                 "static_groups": false, "sym": true, "tokenizer": null, "true_sequential": true,
                 "use_cuda_fp16": false, "use_exllama": true}""".formatted(bits));

        assertThat(gptq.description()).isEqualTo("GPTQ, " + bits + " bits in groups of 128");
        assertThat(parts(gptq, Q_PROJ))
                .containsExactly("qweight[" + rows + ", 512]", "qzeros[8, " + zeros + "]", "scales[8, 512]");
    }

    @Test
    void acceptsWhatGptqModelWrites() throws IOException {
        Quantization gptq = read("""
                {"bits": 4, "checkpoint_format": "gptq_v2", "desc_act": true, "dynamic": {"-:^visual": {}},
                 "group_size": -1, "lm_head": false, "meta": {"quantizer": ["gptqmodel:2.0"]}, "pack_dtype": "int32",
                 "quant_method": "gptq", "static_groups": true, "sym": false}""");

        assertThat(gptq.description()).isEqualTo("GPTQ, 4 bits with a scale for each output, reordered");
        assertThat(parts(gptq, Q_PROJ))
                .containsExactly("qweight[128, 512]", "qzeros[1, 64]", "scales[1, 512]", "g_idx[1024]");
        assertThat(gptq.formatOf(List.of(Q_PROJ)).orElseThrow().programNumbers(512, 1024))
                .containsExactly(4, 0);
    }

    @Test
    void acceptsTheGroupsOfCompressedTensors() throws IOException {
        Quantization packed = read(COMPRESSED.formatted("pack-quantized", "null", "int", 4, "false", "group", "128"));

        assertThat(packed.description()).isEqualTo("compressed-tensors, 4 bits in groups of 128");
        assertThat(parts(packed, Q_PROJ))
                .containsExactly("weight_packed[512, 128]", "weight_scale[512, 8]", "weight_zero_point[64, 8]");
        assertThat(parts(packed, "visual.merger.mlp.0")).isEmpty();
        assertThat(parts(packed, "lm_head")).isEmpty();
    }

    @Test
    void acceptsTheChannelsOfCompressedTensors() throws IOException {
        Quantization packed = read(COMPRESSED.formatted("pack-quantized", "null", "int", 8, "true", "channel", "null"));

        assertThat(packed.description()).isEqualTo("compressed-tensors, 8 bits with a scale for each output");
        assertThat(parts(packed, Q_PROJ)).containsExactly("weight_packed[512, 256]", "weight_scale[512, 1]");
    }

    @Test
    void acceptsFloatsOfCompressedTensorsWhoseActivationsAreRoundedAsTheyCome() throws IOException {
        Quantization floats = read(COMPRESSED.formatted(
                "float-quantized", "{\"num_bits\": 8, \"dynamic\": true}", "float", 8, "true", "channel", "null"));

        assertThat(floats.description()).isEqualTo("FP8 with a scale for each output");
        assertThat(parts(floats, Q_PROJ)).containsExactly("weight[512, 1024]", "weight_scale[512]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"modules_to_not_convert", "ignored_layers"})
    void acceptsFloatsInBlocks(String leftOut) throws IOException {
        Quantization floats = read("""
                {"activation_scheme": "dynamic", "fmt": "e4m3", "quant_method": "fp8", "weight_block_size": [128, 128],
                 "%s": ["lm_head", "model.visual.blocks.0.attn.qkv"]}""".formatted(leftOut));

        assertThat(floats.description()).isEqualTo("FP8 with a scale for each block of 128 × 128");
        assertThat(parts(floats, Q_PROJ)).containsExactly("weight[512, 1024]", "weight_scale_inv[4, 8]");
        assertThat(parts(floats, "visual.blocks.0.attn.qkv", "model.visual.blocks.0.attn.qkv"))
                .isEmpty();
        assertThat(parts(floats, "visual.blocks.1.attn.qkv", "model.visual.blocks.1.attn.qkv"))
                .isNotEmpty();
    }

    @Test
    void findsTheConfigurationOfANestedFile() throws IOException {
        Files.writeString(
                folder.resolve("config.json"),
                "{\"text_config\": {\"quantization_config\": {\"quant_method\": \"awq\", \"group_size\": 32}}}");

        assertThat(QuantizationConfig.read(JsonFile.read(folder, "config.json")).description())
                .isEqualTo("AWQ, 4 bits in groups of 32");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"quant_method\": \"bitsandbytes\", \"load_in_4bit\": true} | quant_method \"bitsandbytes\"",
                "{\"quant_method\": \"mxfp4\"} | quant_method \"mxfp4\"",
                "{\"quant_method\": \"modelopt\", \"quant_algo\": \"NVFP4\"} | quant_method \"modelopt\"",
                "{\"quant_method\": \"hqq\"} | quant_method \"hqq\"",
                "{\"quant_method\": \"fbgemm_fp8\"} | quant_method \"fbgemm_fp8\"",
                "{\"bits\": 4} | quant_method null",
                "{\"quant_method\": \"awq\", \"bits\": 3, \"group_size\": 128} | bits 3",
                "{\"quant_method\": \"awq\", \"bits\": 4, \"version\": \"gemv\"} | version \"gemv\"",
                "{\"quant_method\": \"awq\", \"bits\": 4, \"version\": \"marlin\"} | version \"marlin\"",
                "{\"quant_method\": \"awq\", \"bits\": 4, \"zero_point\": false} | zero_point false",
                "{\"quant_method\": \"gptq\", \"bits\": 3, \"group_size\": 128} | bits 3",
                "{\"quant_method\": \"gptq\", \"bits\": 2, \"group_size\": 128} | bits 2",
                "{\"quant_method\": \"gptq\", \"bits\": 4, \"checkpoint_format\": \"marlin\"} | checkpoint_format \"marlin\"",
                "{\"quant_method\": \"gptq\", \"bits\": 4, \"is_marlin_format\": true} | is_marlin_format true",
                "{\"quant_method\": \"gptq\", \"bits\": 4, \"dynamic\": {\"+:.*down.*\": {\"bits\": 8}}} | dynamic {",
                "{\"quant_method\": \"fp8\", \"activation_scheme\": \"static\"} | activation_scheme \"static\"",
                "{\"quant_method\": \"fp8\", \"fmt\": \"e5m2\"} | fmt \"e5m2\"",
            })
    void refusesWhatIsNotServedByNameAndSaysWhatIs(String json, String words) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("config.json: quantization_config has the " + words)
                .hasMessageContaining("which is not served. Served are AWQ (gemm, 4 bits), GPTQ (4 and 8 bits)")
                .hasMessageContaining("or the model in bfloat16, with quantization=int8 or int4 to round it here");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int-quantized | {\"num_bits\": 8} | int | 8 | channel | format \"int-quantized\"",
                "marlin-24 | null | int | 4 | group | format \"marlin-24\"",
                "nvfp4-pack-quantized | null | float | 4 | tensor_group | format \"nvfp4-pack-quantized\"",
                "naive-quantized | {\"num_bits\": 8} | int | 8 | channel | type \"int\"",
                "pack-quantized | {\"num_bits\": 8} | int | 4 | group | input_activations {\"num_bits\":8}",
                "pack-quantized | null | int | 2 | group | num_bits 2",
                "pack-quantized | null | int | 4 | tensor | strategy \"tensor\"",
                "float-quantized | {\"dynamic\": false} | float | 8 | channel | dynamic false",
                "float-quantized | null | float | 4 | channel | num_bits 4",
            })
    void refusesWhatIsNotServedOfCompressedTensors(
            String format, String activations, String type, int bits, String strategy, String words) {
        assertThatThrownBy(() -> read(COMPRESSED.formatted(format, activations, type, bits, "true", strategy, "128")))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("quantization_config has the " + words)
                .hasMessageContaining("not served");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"quant_method\": \"awq\", \"group_size\": 0} | group_size must be a whole number from 1",
                "{\"quant_method\": \"awq\"} | group_size must be a whole number from 1 to 1048576, but is missing",
                "{\"quant_method\": \"gptq\", \"group_size\": 128} | bits must be a whole number from 4 to 8, but is missing",
                "{\"quant_method\": \"fp8\", \"weight_block_size\": [128]} | weight_block_size must be two whole numbers",
                "{\"quant_method\": \"fp8\", \"weight_block_size\": [0, 128]} | weight_block_size must be two whole numbers",
                "{\"quant_method\": \"compressed-tensors\"} | config_groups must be an object with at least one group",
            })
    void refusesAValueThatCannotBe(String json, String words) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "visual | true",
                "model.visual | true",
                "model.visual.blocks.1.attn.qkv | true",
                "visual.blocks.1 | true",
                "attn | true",
                "re:.*attn.* | true",
                "re:model.visual | true",
                "re:visual.blocks.[01].attn.qkv | true",
                "visua | false",
                "blocks.1.attn.q | false",
                "lm_head | false",
                "re:attn | false",
                "re:.*mlp.* | false",
            })
    void knowsAModuleByItsNamesPartsOfThemAndRegularExpressions(String entry, boolean known) throws IOException {
        assertThat(leftOut(entry).contain(List.of("visual.blocks.1.attn.qkv", "model.visual.blocks.1.attn.qkv")))
                .isEqualTo(known);
    }

    private ModuleNames leftOut(String entry) throws IOException {
        JsonNode object = new ObjectMapper().valueToTree(Map.of("ignore", List.of(entry)));
        Path path = folder.resolve("config.json");
        return ModuleNames.read(new JsonFile(path, object), new FileExpressions(path), object, "ignore");
    }

    @Test
    @Timeout(20)
    void refusesARegularExpressionThatTakesTooLong() throws IOException {
        ModuleNames names = leftOut("re:((a|a)+)+$");

        assertThatThrownBy(() -> names.contain(List.of("a".repeat(60) + "!")))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(folder.resolve("config.json")
                        + ": quantization_config's ignore takes for ever on the name aaa");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"quant_method\": \"awq\", \"group_size\": 64, \"modules_to_not_convert\": \"visual\"}"
                        + " | modules_to_not_convert must be a list of names, but is \"visual\"",
                "{\"quant_method\": \"fp8\", \"ignored_layers\": [7]} | ignored_layers must be a list of names, but is [7]",
            })
    void refusesNamesThatWouldBePassedOver(String json, String words) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ModelLoadException.class)
                .hasMessage(folder.resolve("config.json") + ": " + words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"re:(", "re:*"})
    void refusesABrokenRegularExpression(String entry) {
        assertThatThrownBy(() -> leftOut(entry))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageStartingWith(
                        folder.resolve("config.json") + ": quantization_config's ignore is no regular expression: ");
    }

    @ParameterizedTest
    @EnumSource(
            value = LinearKernel.class,
            names = {"INT8", "INT4"})
    void refusesToRoundASecondTime(LinearKernel kernel) throws IOException {
        Quantization awq = read("{\"quant_method\": \"awq\", \"group_size\": 128}");

        assertThatThrownBy(() -> awq.requireNotRoundedAgain(kernel))
                .isInstanceOf(ModelLoadException.class)
                .hasMessage("The model's weights are rounded already (AWQ, 4 bits in groups of 128): set"
                        + " quantization=none, or name the model in bfloat16 to have it rounded here");
    }
}
