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

/** Which files of a repository a model needs to run. Repositories hold others: weights of other frameworks, pictures. */
final class ModelFiles {
    static final String INDEX = "model.safetensors.index.json";
    private static final String SINGLE = "model.safetensors";
    private static final List<String> TEMPLATES =
            List.of("chat_template.json", "chat_template.jinja", "tokenizer_config.json");
    private static final List<String> REQUIRED = List.of("config.json", "preprocessor_config.json", "tokenizer.json");
    private static final List<String> OPTIONAL = List.of("generation_config.json");

    /** What the index names becomes a path, so that nothing but a plain file name passes. */
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}\\.safetensors");

    private ModelFiles() {}

    /** The files of a model that are needed, those that its index names left out. */
    static List<String> wanted(Predicate<String> isThere) {
        return Stream.of(REQUIRED, OPTIONAL, TEMPLATES, List.of(isThere.test(INDEX) ? INDEX : SINGLE))
                .flatMap(List::stream)
                .filter(isThere)
                .toList();
    }

    /** What a model lacks to be run; its index is not looked into. */
    static List<String> lacking(Predicate<String> isThere) {
        List<String> lacking = new ArrayList<>();
        REQUIRED.stream().filter(isThere.negate()).forEach(lacking::add);
        if (TEMPLATES.stream().noneMatch(isThere)) {
            lacking.add(TEMPLATES.get(0));
        }
        if (!isThere.test(INDEX) && !isThere.test(SINGLE)) {
            lacking.add(SINGLE);
        }
        return lacking;
    }

    /** What a directory lacks to be run: its files, and the shards that its index names. */
    static List<String> lacking(Path directory) {
        Predicate<String> isThere = name -> Files.isRegularFile(directory.resolve(name));
        List<String> lacking = lacking(isThere);
        if (isThere.test(INDEX)) {
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
