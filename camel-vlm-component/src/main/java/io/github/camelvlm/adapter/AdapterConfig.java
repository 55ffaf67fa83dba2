package io.github.camelvlm.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.model.FileExpressions;
import io.github.camelvlm.model.JsonFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What {@code adapter_config.json} says of an adapter's tensors.
 *
 * @param path the file
 * @param base what it was trained for, as the file calls it
 * @param rank of those matrices that {@code ranks} does not name
 * @param alpha likewise
 * @param rankStabilized whether alpha is divided by the root of the rank (Kalajdzievski 2023, arXiv:2312.03732)
 * @param decomposed whether its matrices have magnitudes
 * @param ranks the ranks of matrices by the ends of their names
 * @param alphas likewise
 * @param targets the modules it changes by matrices of low rank
 * @param coversAllLayers whether all modules that are targets were changed, and not those of some layers
 * @param whole the modules that were trained whole
 */
record AdapterConfig(
        Path path,
        String base,
        int rank,
        double alpha,
        boolean rankStabilized,
        boolean decomposed,
        Map<FileExpressions.Expression, Integer> ranks,
        Map<FileExpressions.Expression, Double> alphas,
        Targets targets,
        boolean coversAllLayers,
        List<String> whole) {
    private static final String FILE = "adapter_config.json";
    /** Above it an adapter is no smaller than what it changes. */
    private static final int MAX_RANK = 4096;

    private static final double MAX_ALPHA = 1e6;

    /** What changes how an adapter computes and is not served: the field, and what stands there if it is not used. */
    private static final List<String> UNSERVED = List.of(
            "lora_bias",
            "use_qalora",
            "use_bdlora",
            "layer_replication",
            "trainable_token_indices",
            "target_parameters",
            "alora_invocation_tokens",
            "arrow_config",
            "megatron_config");

    /** Initializations that take a part out of the base's weights. */
    private static final List<String> BASE_CHANGING = List.of("pissa", "olora", "corda", "loftq", "lora_ga");

    /** @throws ModelLoadException if the file is missing, broken, or of a kind of adapter that is not served */
    static AdapterConfig read(Path directory) {
        JsonFile file = JsonFile.read(directory, FILE);
        JsonNode root = file.root();
        if (!root.path("peft_type").asText().equals("LORA")) {
            throw file.wrong("peft_type", "LORA, the kind that is served", root.path("peft_type"));
        }
        for (String field : UNSERVED) {
            requireUnused(file, field);
        }
        requireUnchangedBase(file);
        file.requireOneOf(root, "bias", "none", "all", "lora_only");
        FileExpressions expressions = new FileExpressions(file.path());
        return new AdapterConfig(
                file.path(),
                root.path("base_model_name_or_path").asText("a model that it does not name"),
                file.whole(root, "r", 1, MAX_RANK),
                alpha(file, root, "lora_alpha"),
                flag(file, "use_rslora"),
                flag(file, "use_dora"),
                patterns(
                        file,
                        expressions,
                        "rank_pattern",
                        field -> file.whole(root.path("rank_pattern"), field, 1, MAX_RANK)),
                patterns(file, expressions, "alpha_pattern", field -> alpha(file, root.path("alpha_pattern"), field)),
                Targets.read(file, expressions),
                !root.hasNonNull("layers_to_transform") && !root.hasNonNull("exclude_modules"),
                file.names(root, "modules_to_save"));
    }

    private static double alpha(JsonFile file, JsonNode object, String field) {
        return file.number(object, field, 1 / MAX_ALPHA, MAX_ALPHA);
    }

    private static void requireUnused(JsonFile file, String field) {
        JsonNode value = file.root().path(field);
        boolean unused = value.isMissingNode()
                || value.isNull()
                || value.isBoolean() && !value.booleanValue()
                || value.isContainerNode() && value.isEmpty();
        if (!unused) {
            throw file.wrong(
                    field,
                    "unset, since it is not served: merge the adapter with PEFT (merge_and_unload) and serve the result",
                    value);
        }
    }

    private static void requireUnchangedBase(JsonFile file) {
        JsonNode value = file.root().path("init_lora_weights");
        if (value.isTextual() && BASE_CHANGING.stream().anyMatch(value.asText()::startsWith)) {
            throw file.wrong(
                    "init_lora_weights",
                    "true, since this one changes the base too: save the adapter again with PEFT's"
                            + " path_initial_model_for_weight_conversion",
                    value);
        }
    }

    private static <T> Map<FileExpressions.Expression, T> patterns(
            JsonFile file, FileExpressions expressions, String field, Function<String, T> value) {
        JsonNode object = file.root().path(field);
        if (!object.isObject() && file.root().hasNonNull(field)) {
            throw file.wrong(field, "an object", object);
        }
        Map<FileExpressions.Expression, T> patterns = new LinkedHashMap<>();
        object.fieldNames()
                .forEachRemaining(
                        name -> patterns.put(expressions.of(field, Targets.endingWith(name)), value.apply(name)));
        return patterns;
    }

    /** The rank that a module's matrices must have. */
    int rank(String module) {
        return first(ranks, module, rank);
    }

    /** What the product of a module's matrices, of this rank, is multiplied by. */
    double scale(String module, int rank) {
        double divisor = rankStabilized ? Math.sqrt(rank) : rank;
        return first(alphas, module, alpha) / divisor;
    }

    private static <T> T first(Map<FileExpressions.Expression, T> patterns, String module, T otherwise) {
        return patterns.entrySet().stream()
                .filter(entry -> entry.getKey().matches(module))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }

    /** A flag that, taken for false, would change the numbers silently. */
    private static boolean flag(JsonFile file, String field) {
        JsonNode value = file.root().path(field);
        if (file.root().hasNonNull(field) && !value.isBoolean()) {
            throw file.wrong(field, "true or false", value);
        }
        return value.asBoolean();
    }
}
