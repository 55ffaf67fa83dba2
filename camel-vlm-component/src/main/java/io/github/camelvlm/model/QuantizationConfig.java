package io.github.camelvlm.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.ModelLoadException;
import java.util.List;
import java.util.Locale;

/** Reads {@code quantization_config} in {@code config.json}. */
public final class QuantizationConfig {
    static final int MAX_GROUP = 1 << 20;
    private static final String FIELD = "quantization_config";
    private static final String INSTEAD = ". Served are AWQ (gemm, 4 bits), GPTQ (4 and 8 bits), compressed-tensors"
            + " (pack-quantized of 4 and 8 bits, and FP8) and FP8 in blocks: name a checkpoint of one of these, or the"
            + " model in bfloat16, with quantization=int8 or int4 to round it here";

    private final JsonFile file;
    private final JsonNode json;

    private QuantizationConfig(JsonFile file, JsonNode json) {
        this.file = file;
        this.json = json;
    }

    /**
     * What a model's configuration says of how its weights are rounded.
     *
     * @throws ModelLoadException if they are rounded in a way that is not served, or a value cannot be
     */
    public static Quantization read(JsonFile config) {
        JsonNode root = config.root();
        JsonNode json = root.hasNonNull(FIELD)
                ? root.get(FIELD)
                : root.path("text_config").path(FIELD);
        return json.isMissingNode() || json.isNull()
                ? Quantization.NONE
                : new QuantizationConfig(config, json).quantization();
    }

    private Quantization quantization() {
        String method = json.path("quant_method").asText("missing").toLowerCase(Locale.ROOT);
        return switch (method) {
            case "awq" -> of(awq());
            case "gptq" -> of(gptq());
            case "fp8" -> of(float8());
            case "compressed-tensors" -> new CompressedTensorsConfig(file, json).quantization();
            default -> throw refusal(file, "quant_method", json.path("quant_method"));
        };
    }

    private Quantization of(RoundedFormat format) {
        return new Quantization(
                List.of(new Quantization.Group(ModuleNames.ALL, format)),
                ModuleNames.read(
                        file, new FileExpressions(file.path()), json, "modules_to_not_convert", "ignored_layers"));
    }

    private RoundedFormat awq() {
        requireServed(file, json, "bits", "4");
        requireServed(file, json, "version", "gemm", "GEMM");
        requireServed(file, json, "zero_point", "true");
        return new AwqFormat(groupSize(file, json));
    }

    private RoundedFormat gptq() {
        requireServed(file, json, "bits", "4", "8");
        requireServed(file, json, "checkpoint_format", "gptq", "gptq_v2");
        requireServed(file, json, "is_marlin_format", "false");
        requireServed(file, json, "pack_dtype", "int32");
        for (String pattern : (Iterable<String>) () -> json.path("dynamic").fieldNames()) {
            // What is left out shows in the files; other sizes do not.
            if (!pattern.startsWith("-:")) {
                throw refusal(file, "dynamic", json.path("dynamic"));
            }
        }
        return new GptqFormat(
                file.whole(json, "bits", 4, 8),
                groupSize(file, json),
                json.path("desc_act").asBoolean(),
                !json.path("checkpoint_format").asText().equals("gptq_v2"));
    }

    private RoundedFormat float8() {
        requireServed(file, json, "fmt", "e4m3");
        requireServed(file, json, "activation_scheme", "dynamic");
        JsonNode block = json.path("weight_block_size");
        return block.isMissingNode() || block.isNull()
                ? new Float8Format(Float8Format.Scaling.WEIGHT, 0, 0, "weight_scale")
                : blocks(file, block, "weight_block_size", "weight_scale_inv");
    }

    static Float8Format blocks(JsonFile file, JsonNode block, String field, String scaleSuffix) {
        if (block.size() != 2 || !isSize(block.path(0)) || !isSize(block.path(1))) {
            throw file.wrong(field, "two whole numbers from 1 to " + MAX_GROUP, block);
        }
        return new Float8Format(
                Float8Format.Scaling.BLOCK,
                block.path(0).intValue(),
                block.path(1).intValue(),
                scaleSuffix);
    }

    private static boolean isSize(JsonNode size) {
        return size.isInt() && size.intValue() >= 1 && size.intValue() <= MAX_GROUP;
    }

    /** The inputs that share a scale; -1 for all. */
    static int groupSize(JsonFile file, JsonNode json) {
        return json.path("group_size").isInt() && json.path("group_size").intValue() == -1
                ? -1
                : file.whole(json, "group_size", 1, MAX_GROUP);
    }

    /** Refuses a value that is not one of these, unless it is missing. */
    static void requireServed(JsonFile file, JsonNode object, String field, String... values) {
        if (object.hasNonNull(field)
                && !List.of(values).contains(object.path(field).asText())) {
            throw refusal(file, field, object.path(field));
        }
    }

    static ModelLoadException refusal(JsonFile file, String field, JsonNode value) {
        return new ModelLoadException(file.path() + ": " + FIELD + " has the " + field + " "
                + (value.isMissingNode() || value.isNull() ? "null" : JsonFile.abbreviated(value))
                + ", which is not served" + INSTEAD);
    }
}
