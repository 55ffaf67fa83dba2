package io.github.camelvlm.goldens;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Makes models of any size whose weights are zeros that take no room on the disk. */
public final class SparseModel {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SparseModel() {}

    /**
     * Writes the weights of a model whose other files are there.
     *
     * @param shapes the dimensions of each tensor, by its name
     * @return the bytes of the weights
     */
    public static long writeWeights(Path directory, Map<String, List<Long>> shapes) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        long end = 0;
        for (Map.Entry<String, List<Long>> tensor : shapes.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", "BF16");
            tensor.getValue().forEach(entry.withArray("shape")::add);
            long begin = end;
            end += 2 * tensor.getValue().stream().reduce(1L, Math::multiplyExact);
            entry.putArray("data_offsets").add(begin).add(end);
        }
        String text = header.toString();
        byte[] padded = (text + " ".repeat((8 - text.length() % 8) % 8)).getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("model.safetensors").toFile(), "rw")) {
            file.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(padded.length)
                    .array());
            file.write(padded);
            file.setLength(Long.BYTES + padded.length + end);
        }
        return end;
    }
}
