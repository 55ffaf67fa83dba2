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
import java.util.Random;

/** Writes weights of any shape in bfloat16 for a model whose other files are there. */
public final class GeneratedWeights {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double DEVIATION = 0.02;

    private GeneratedWeights() {}

    /**
     * Zeros, which take no room on the disk.
     *
     * @param shapes the dimensions of each tensor, by its name
     * @return the bytes of the weights
     */
    public static long zeros(Path directory, Map<String, List<Long>> shapes) throws IOException {
        try (RandomAccessFile file = create(directory)) {
            long bytes = writeHeader(file, shapes);
            file.setLength(file.getFilePointer() + bytes);
            return bytes;
        }
    }

    /** Random numbers of deviation 0.02, as Qwen2-VL is initialized: a few million, over and over. */
    public static long random(Path directory, Map<String, List<Long>> shapes) throws IOException {
        byte[] numbers = numbers(1 << 22);
        try (RandomAccessFile file = create(directory)) {
            long bytes = writeHeader(file, shapes);
            for (long left = bytes; left > 0; left -= numbers.length) {
                file.write(numbers, 0, (int) Math.min(left, numbers.length));
            }
            return bytes;
        }
    }

    private static byte[] numbers(int count) {
        Random random = new Random(0);
        ByteBuffer buffer = ByteBuffer.allocate(Short.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            // The upper half of a float32 is a bfloat16.
            buffer.putShort((short) (Float.floatToIntBits((float) (DEVIATION * random.nextGaussian())) >>> 16));
        }
        return buffer.array();
    }

    private static RandomAccessFile create(Path directory) throws IOException {
        return new RandomAccessFile(directory.resolve("model.safetensors").toFile(), "rw");
    }

    private static long writeHeader(RandomAccessFile file, Map<String, List<Long>> shapes) throws IOException {
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
        file.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded.length)
                .array());
        file.write(padded);
        return end;
    }
}
