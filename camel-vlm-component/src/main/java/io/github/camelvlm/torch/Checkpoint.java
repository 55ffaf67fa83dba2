package io.github.camelvlm.torch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The weights of a model directory: {@code model.safetensors}, or the shards that its index names. */
public final class Checkpoint {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private static final long MAX_INDEX_BYTES = 64_000_000;

    /** A file beside the index: what stands there becomes a path. It may be a link, as in the cache of the Hub. */
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}\\.safetensors");

    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

    private Checkpoint() {}

    /**
     * Finds the tensors of a directory. Nothing but the files' headers is read.
     *
     * @throws CheckpointException if files are missing or broken; the message names the file
     * @throws IOException if a file cannot be read
     */
    public static Checkpoint open(Path directory) throws IOException {
        Checkpoint checkpoint = new Checkpoint();
        for (Path file : files(directory)) {
            for (StoredTensor tensor : SafetensorsHeader.read(file)) {
                checkpoint.tensors.put(tensor.name(), tensor);
            }
        }
        return checkpoint;
    }

    /**
     * The tensors of one safetensors file. Nothing but its header is read.
     *
     * @throws CheckpointException if the file is broken, or one of its tensors is of a type that no weight has
     * @throws IOException if it cannot be read
     */
    public static List<StoredTensor> tensors(Path file) throws IOException {
        return SafetensorsHeader.readAll(file);
    }

    private static Collection<Path> files(Path directory) throws IOException {
        Path single = directory.resolve(SINGLE);
        Path index = directory.resolve(INDEX);
        Collection<Path> files = new TreeSet<>();
        if (Files.isRegularFile(index)) {
            for (JsonNode name : parse(index).path("weight_map")) {
                if (!SHARD.matcher(name.asText()).matches()) {
                    throw new CheckpointException(index + " names a file that cannot be one of the model's ("
                            + name.asText() + "): copy or download it again");
                }
                files.add(directory.resolve(name.asText()));
            }
            if (files.isEmpty()) {
                throw new CheckpointException(index + " names no files: copy or download it again");
            }
        } else {
            files.add(single);
        }
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new CheckpointException(
                        file.equals(single)
                                ? directory + " holds neither " + SINGLE + " nor " + INDEX
                                        + ": download the model's weights into it"
                                : directory + " lacks " + file.getFileName() + ", which " + INDEX
                                        + " names: download that file into it");
            }
        }
        return files;
    }

    private static JsonNode parse(Path index) throws IOException {
        if (Files.size(index) > MAX_INDEX_BYTES) {
            throw new CheckpointException(index + " has " + Files.size(index) + " bytes, more than the "
                    + MAX_INDEX_BYTES + " that one may have: copy or download it again");
        }
        try {
            return new ObjectMapper().readTree(index.toFile());
        } catch (JsonProcessingException e) {
            throw new CheckpointException(index + " is not JSON: copy or download it again", e);
        }
    }

    /** The tensors, by the names that the files give them. */
    public Map<String, StoredTensor> tensors() {
        return Map.copyOf(tensors);
    }
}
