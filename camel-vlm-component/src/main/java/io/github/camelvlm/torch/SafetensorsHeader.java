package io.github.camelvlm.torch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads what a safetensors file says of its tensors: eight bytes little-endian with the length of a JSON object, then
 * that object, then the tensors' bytes (the format's description: huggingface/safetensors, README).
 */
final class SafetensorsHeader {
    /** A hundred times what the largest models have; parsed, a header takes some ten times as much memory. */
    private static final int MAX_HEADER_BYTES = 20_000_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final long fileBytes;
    private final long dataStart;
    private final JsonNode header;

    private SafetensorsHeader(Path file, long fileBytes, long dataStart, JsonNode header) {
        this.file = file;
        this.fileBytes = fileBytes;
        this.dataStart = dataStart;
        this.header = header;
    }

    /**
     * The tensors of a file.
     *
     * @throws CheckpointException if the file is not safetensors or ends before its tensors do
     * @throws IOException if it cannot be read
     */
    static List<StoredTensor> read(Path file) throws IOException {
        return open(file).tensors();
    }

    /**
     * The tensors of a file, none of which may be of a type that no weight has.
     *
     * @throws CheckpointException as {@link #read}, and if there is such a tensor
     * @throws IOException if it cannot be read
     */
    static List<StoredTensor> readAll(Path file) throws IOException {
        SafetensorsHeader opened = open(file);
        List<StoredTensor> tensors = opened.tensors();
        Set<String> names = tensors.stream().map(StoredTensor::name).collect(Collectors.toSet());
        for (Map.Entry<String, JsonNode> entry : opened.header.properties()) {
            if (!entry.getKey().equals("__metadata__") && !names.contains(entry.getKey())) {
                throw new CheckpointException(file + ": the tensor " + entry.getKey() + " is stored as "
                        + entry.getValue().path("dtype").asText("a type that is not told")
                        + ", which no weight may be: save it as F32, BF16 or F16");
            }
        }
        return tensors;
    }

    private static SafetensorsHeader open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            if (size < Long.BYTES) {
                throw new CheckpointException(
                        file + " is cut off (" + size + " bytes): copy or download the whole file again");
            }
            long length = readFully(channel, Long.BYTES, 0, file)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            if (length < 2 || length > MAX_HEADER_BYTES) {
                throw new CheckpointException(
                        file + " is not a safetensors file (its header would have " + length + " bytes)");
            }
            if (length > size - Long.BYTES) {
                throw new CheckpointException(
                        file + " is cut off in its header: copy or download the whole file again");
            }
            byte[] json = readFully(channel, (int) length, Long.BYTES, file).array();
            return new SafetensorsHeader(file, size, Long.BYTES + length, parse(json, file));
        }
    }

    private static ByteBuffer readFully(FileChannel channel, int count, long position, Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException(file + " ended while it was read");
            }
        }
        return buffer.flip();
    }

    private static JsonNode parse(byte[] json, Path file) throws IOException {
        JsonNode header;
        try {
            header = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new CheckpointException(file + " is not a safetensors file: its header is no JSON", e);
        }
        if (!header.isObject()) {
            throw new CheckpointException(file + " is not a safetensors file: its header is no JSON object");
        }
        return header;
    }

    private List<StoredTensor> tensors() throws CheckpointException {
        List<StoredTensor> tensors = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            // Types that no weight has (int64 position buffers of old exports, say) are passed over.
            var dtype = Dtype.ofSafetensors(entry.getValue().path("dtype").asText());
            if (!entry.getKey().equals("__metadata__") && dtype.isPresent()) {
                tensors.add(tensor(entry.getKey(), entry.getValue(), dtype.get()));
            }
        }
        return tensors;
    }

    private StoredTensor tensor(String name, JsonNode json, Dtype dtype) throws CheckpointException {
        List<Long> shape = new ArrayList<>();
        json.path("shape").forEach(size -> shape.add(size.asLong(-1)));
        long begin = json.path("data_offsets").path(0).asLong(-1);
        long end = json.path("data_offsets").path(1).asLong(-1);
        long bytes = dtype.bytes();
        for (long size : shape) {
            // A product beyond the file's size is wrong however it goes on, so it cannot overflow.
            bytes = size < 0 || bytes > fileBytes ? -1 : bytes * size;
        }
        if (begin < 0 || end < begin || end - begin != bytes) {
            throw new CheckpointException(file + " is broken: the size of tensor " + name + " does not fit its shape");
        }
        if (end > fileBytes - dataStart) {
            throw new CheckpointException(file + " is cut off: tensor " + name + " ends " + end + " bytes after its"
                    + " header, the file " + (fileBytes - dataStart) + "; copy or download the whole file again");
        }
        if ((dataStart + begin) % dtype.bytes() != 0) {
            throw new CheckpointException(file + " is not aligned (tensor " + name + " begins at byte "
                    + (dataStart + begin) + "): save it again with a current version of safetensors");
        }
        return new StoredTensor(name, file, dtype, shape, dataStart + begin);
    }
}
