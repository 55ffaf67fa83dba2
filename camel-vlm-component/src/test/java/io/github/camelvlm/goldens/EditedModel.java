package io.github.camelvlm.goldens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A copy of a model directory to be changed.
 *
 * @param directory where it is
 */
public record EditedModel(Path directory) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies a model. */
    public static EditedModel copy(Path model, Path to) throws IOException {
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return new EditedModel(to);
    }

    /** Changes a JSON file. */
    public EditedModel json(String file, Consumer<ObjectNode> change) throws IOException {
        Path path = directory.resolve(file);
        ObjectNode root = (ObjectNode) JSON.readTree(path.toFile());
        change.accept(root);
        JSON.writeValue(path.toFile(), root);
        return this;
    }

    /** Changes the header of every safetensors file; the tensors' bytes stay as they are. */
    public EditedModel headers(Consumer<ObjectNode> change) throws IOException {
        for (Path file : weights()) {
            ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            byte[] header = new byte[Math.toIntExact(content.getLong())];
            content.get(header);
            ObjectNode root = (ObjectNode) JSON.readTree(header);
            change.accept(root);
            byte[] changed = aligned(JSON.writeValueAsString(root)).getBytes(StandardCharsets.UTF_8);
            Files.write(
                    file,
                    ByteBuffer.allocate(Long.BYTES + changed.length + content.remaining())
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(changed.length)
                            .put(changed)
                            .put(content)
                            .array());
        }
        return this;
    }

    /** Changes the bytes of a tensor. */
    public EditedModel tensor(String name, Consumer<ByteBuffer> change) throws IOException {
        for (Path file : weights()) {
            byte[] bytes = Files.readAllBytes(file);
            ByteBuffer content = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            byte[] header = new byte[Math.toIntExact(content.getLong())];
            content.get(header);
            JsonNode offsets = JSON.readTree(header).path(name).path("data_offsets");
            if (offsets.isArray()) {
                int start = content.position() + offsets.get(0).intValue();
                int length = offsets.get(1).intValue() - offsets.get(0).intValue();
                change.accept(ByteBuffer.wrap(bytes, start, length).slice().order(ByteOrder.LITTLE_ENDIAN));
                Files.write(file, bytes);
            }
        }
        return this;
    }

    /** Padded by spaces to a multiple of eight bytes, as the format's own library writes it. */
    private static String aligned(String header) {
        return header + " ".repeat((8 - header.length() % 8) % 8);
    }

    /** Renames every tensor, in the index of shards too. */
    public EditedModel rename(UnaryOperator<String> name) throws IOException {
        headers(header -> rename(header, name));
        if (Files.exists(directory.resolve("model.safetensors.index.json"))) {
            json("model.safetensors.index.json", index -> rename((ObjectNode) index.get("weight_map"), name));
        }
        return this;
    }

    private static void rename(ObjectNode object, UnaryOperator<String> name) {
        ObjectNode old = object.deepCopy();
        object.removeAll();
        old.properties().forEach(entry -> object.set(name.apply(entry.getKey()), entry.getValue()));
    }

    /** The safetensors files. */
    public List<Path> weights() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
        }
    }

    public EditedModel delete(String file) throws IOException {
        Files.delete(directory.resolve(file));
        return this;
    }
}
