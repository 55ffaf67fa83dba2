package io.github.camelvlm.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which files of a repository a model, or an adapter, needs to run. Repositories hold others: weights of other frameworks,
 * pictures.
 */
final class ModelFiles {
    static final String INDEX = "model.safetensors.index.json";
    private static final String SINGLE = "model.safetensors";
    private static final List<String> TEMPLATES =
            List.of("chat_template.json", "chat_template.jinja", "tokenizer_config.json");

    /** Those of a model. */
    static final ModelFiles MODEL = new ModelFiles(
            "model",
            "Qwen/Qwen2-VL-2B-Instruct",
            List.of("config.json", "preprocessor_config.json", "tokenizer.json"),
            List.of("generation_config.json"),
            true,
            "Take a Qwen-VL model in the format of transformers");

    /** Those of a LoRA adapter. */
    static final ModelFiles ADAPTER = new ModelFiles(
            "adapter",
            "OWNER/NAME-lora",
            List.of("adapter_config.json", "adapter_model.safetensors"),
            List.of(),
            false,
            "Take a LoRA adapter that PEFT saved as safetensors");

    /** What the index names becomes a path, so that nothing but a plain file name passes. */
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}\\.safetensors");

    private final String kind;
    private final String exampleId;
    private final List<String> required;
    private final List<String> optional;
    /** Whether there are a template and weights that an index may part. */
    private final boolean isModel;

    private final String advice;

    private ModelFiles(
            String kind,
            String exampleId,
            List<String> required,
            List<String> optional,
            boolean isModel,
            String advice) {
        this.kind = kind;
        this.exampleId = exampleId;
        this.required = required;
        this.optional = optional;
        this.isModel = isModel;
        this.advice = advice;
    }

    /** What they make: a model or an adapter. */
    String kind() {
        return kind;
    }

    /** The form of an id on a hub. */
    String exampleId() {
        return exampleId;
    }

    /** What to take instead of a repository that lacks files. */
    String advice() {
        return advice;
    }

    /** The files that are needed, those that an index names left out. */
    List<String> wanted(Predicate<String> isThere) {
        List<String> ofModels = isModel ? List.of(isThere.test(INDEX) ? INDEX : SINGLE) : List.of();
        return Stream.of(required, optional, isModel ? TEMPLATES : List.<String>of(), ofModels)
                .flatMap(List::stream)
                .filter(isThere)
                .toList();
    }

    /** Whether an index says which further files are needed. */
    boolean isIndexed(Predicate<String> isThere) {
        return isModel && isThere.test(INDEX);
    }

    /** What is lacking; an index is not looked into. */
    List<String> lacking(Predicate<String> isThere) {
        List<String> lacking = new ArrayList<>();
        required.stream().filter(isThere.negate()).forEach(lacking::add);
        if (isModel && TEMPLATES.stream().noneMatch(isThere)) {
            lacking.add(TEMPLATES.get(0));
        }
        if (isModel && !isThere.test(INDEX) && !isThere.test(SINGLE)) {
            lacking.add(SINGLE);
        }
        return lacking;
    }

    /** What a directory lacks to be run: its files, and the shards that its index names. */
    List<String> lacking(Path directory) {
        Predicate<String> isThere = name -> Files.isRegularFile(directory.resolve(name));
        List<String> lacking = lacking(isThere);
        if (isIndexed(isThere)) {
            try {
                shards(directory.resolve(INDEX)).stream()
                        .filter(isThere.negate())
                        .forEach(lacking::add);
            } catch (IOException e) {
                lacking.add(INDEX);
            }
        }
        return lacking;
    }

    /**
     * The files that an index names.
     *
     * @throws IOException if it cannot be read, is no index, or names what cannot be a file beside it
     */
    static Collection<String> shards(Path index) throws IOException {
        JsonNode names;
        try {
            names = new ObjectMapper().readTree(index.toFile()).path("weight_map");
        } catch (JsonProcessingException e) {
            throw new IOException(INDEX + " is not JSON", e);
        }
        Collection<String> shards = new TreeSet<>();
        for (JsonNode name : names) {
            if (!SHARD.matcher(name.asText()).matches()) {
                throw new IOException(INDEX + " names a file that cannot be one of the model's");
            }
            shards.add(name.asText());
        }
        if (shards.isEmpty()) {
            throw new IOException(INDEX + " names no files");
        }
        return shards;
    }
}
