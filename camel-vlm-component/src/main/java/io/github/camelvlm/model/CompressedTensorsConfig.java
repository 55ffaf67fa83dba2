package io.github.camelvlm.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.ModelLoadException;
import java.util.ArrayList;
import java.util.List;

/** Reads the {@code quantization_config} of compressed-tensors, as llm-compressor writes it. */
final class CompressedTensorsConfig {
    private static final String WEIGHTS = "weights";
    private static final String STRATEGY = "strategy";

    private final JsonFile file;
    private final JsonNode json;

    CompressedTensorsConfig(JsonFile file, JsonNode json) {
        this.file = file;
        this.json = json;
    }

    /** @throws ModelLoadException if weights are rounded in a way that is not served, or a value cannot be */
    Quantization quantization() {
        requireEmpty("transform_config");
        JsonNode sparsity = json.path("sparsity_config");
        QuantizationConfig.requireServed(file, sparsity, "format", "dense");
        FileExpressions expressions = new FileExpressions(file.path());
        List<Quantization.Group> groups = new ArrayList<>();
        for (JsonNode group : json.path("config_groups")) {
            groups.add(new Quantization.Group(ModuleNames.read(file, expressions, group, "targets"), format(group)));
        }
        if (groups.isEmpty()) {
            throw file.wrong("config_groups", "an object with at least one group", json.path("config_groups"));
        }
        return new Quantization(groups, ModuleNames.read(file, expressions, json, "ignore"));
    }

    private void requireEmpty(String field) {
        if (!json.path(field).isEmpty()) {
            throw QuantizationConfig.refusal(file, field, json.path(field));
        }
    }

    private RoundedFormat format(JsonNode group) {
        JsonNode format = group.hasNonNull("format") ? group.path("format") : json.path("format");
        JsonNode weights = group.path(WEIGHTS);
        return switch (format.asText()) {
            case "pack-quantized" -> packed(group, weights);
            case "float-quantized" -> float8(group, weights);
            case "naive-quantized" -> {
                QuantizationConfig.requireServed(file, weights, "type", "float");
                yield float8(group, weights);
            }
            default -> throw QuantizationConfig.refusal(file, "format", format);
        };
    }

    private RoundedFormat packed(JsonNode group, JsonNode weights) {
        QuantizationConfig.requireServed(file, weights, "type", "int");
        QuantizationConfig.requireServed(file, weights, "num_bits", "4", "8");
        QuantizationConfig.requireServed(file, weights, STRATEGY, "group", "channel");
        if (group.hasNonNull("input_activations")) {
            throw QuantizationConfig.refusal(file, "input_activations", group.path("input_activations"));
        }
        // Group, or true in older files: groups are of inputs in another order. Static and weight: they are of
        // neighbours.
        JsonNode order = weights.path("actorder");
        return new PackedFormat(
                file.whole(weights, "num_bits", 4, 8),
                weights.path(STRATEGY).asText().equals("channel") ? -1 : QuantizationConfig.groupSize(file, weights),
                weights.path("symmetric").asBoolean(true),
                List.of("group", "dynamic").contains(order.asText()) || order.asBoolean());
    }

    private RoundedFormat float8(JsonNode group, JsonNode weights) {
        QuantizationConfig.requireServed(file, weights, "type", "float");
        QuantizationConfig.requireServed(file, weights, "num_bits", "8");
        QuantizationConfig.requireServed(file, weights, "symmetric", "true");
        QuantizationConfig.requireServed(file, weights, STRATEGY, "tensor", "channel", "block");
        QuantizationConfig.requireServed(file, group.path("input_activations"), "dynamic", "true", "local");
        String suffix = "weight_scale";
        return switch (weights.path(STRATEGY).asText()) {
            case "block" -> QuantizationConfig.blocks(file, weights.path("block_structure"), "block_structure", suffix);
            case "channel" -> new Float8Format(Float8Format.Scaling.OUTPUT, 0, 0, suffix);
            default -> new Float8Format(Float8Format.Scaling.WEIGHT, 0, 0, suffix);
        };
    }
}
