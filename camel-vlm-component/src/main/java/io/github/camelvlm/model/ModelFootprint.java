package io.github.camelvlm.model;

import io.github.camelvlm.chat.BoxForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Stream;

/**
 * What a model will take that is not loaded yet, by what its files say of themselves.
 *
 * @param weightBytes the bytes of its weights and adapters, about
 * @param cacheBytesPerToken the bytes that the keys and values of a token take
 * @param maxContextLength the most tokens of prompt and answer together that it was made for
 * @param boxes how it says where things are in a picture; null if it was not trained to
 */
public record ModelFootprint(long weightBytes, long cacheBytesPerToken, int maxContextLength, BoxForm boxes) {
    /** Of {@link LinearKernel#INT4}, in tenths of a byte: integers of 4 bits, and of 8 bits beside them. */
    private static final long TENTHS_OF_INT4 = 16;

    /** Of {@link LinearKernel#INT8}: a byte, and a scale now and then. */
    private static final long TENTHS_OF_INT8 = 11;

    /** The bytes that weights take when they are placed; what lies in a file as it is computed with counts too, since steps read it. */
    public static long ofWeights(Collection<StoredWeight> weights, Execution execution) {
        return weights.stream().mapToLong(weight -> ofWeight(weight, execution)).sum();
    }

    private static long ofWeight(StoredWeight weight, Execution execution) {
        boolean isMatrix = weight.shape().size() == 2;
        long plain = weight.elements() * execution.dtype().bytes();
        if (weight instanceof StoredWeight.Rounded rounded) {
            boolean stays = rounded.format().isInteger() && execution.gpu().isEmpty();
            return stays ? tenths(weight, TENTHS_OF_INT4) + stored(rounded) : plain;
        }
        return switch (execution.kernel()) {
            case PLAIN, PACKED, NATIVE -> plain;
            // Of native integers of 4 bits less, but for the vision tower, which has 8.
            case INT8, NATIVE_INT8, NATIVE_INT4 -> isMatrix ? tenths(weight, TENTHS_OF_INT8) : plain;
            case INT4 -> isMatrix ? tenths(weight, TENTHS_OF_INT4) : plain;
        };
    }

    private static long tenths(StoredWeight weight, long bytes) {
        return weight.elements() * bytes / 10;
    }

    private static long stored(StoredWeight.Rounded weight) {
        return weight.parts().values().stream()
                .mapToLong(part -> part.elements() * part.dtype().bytes())
                .sum();
    }

    /** The bytes of adapters that stay beside a model, by the size of their files. */
    public static long ofAdapters(Collection<Path> directories) {
        return directories.stream().mapToLong(ModelFootprint::ofAdapter).sum();
    }

    private static long ofAdapter(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            long bytes = 0;
            for (Path file : files.filter(each -> each.toString().endsWith(".safetensors"))
                    .toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        } catch (IOException e) {
            // What is wrong with it is told when it is loaded.
            return 0;
        }
    }
}
