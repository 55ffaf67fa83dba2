package io.github.camelvlm.model;

import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.StoredTensor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Tensors of whole numbers that Java looks at. */
final class StoredIntegers {
    private StoredIntegers() {}

    /**
     * Reads a tensor.
     *
     * @param tensor of int32 or int64
     * @throws IOException if the file cannot be read
     */
    static long[] read(StoredTensor tensor) throws IOException {
        int size = tensor.dtype().bytes();
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.toIntExact(tensor.elements() * size)).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(tensor.file())) {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, tensor.start() + bytes.position()) < 0) {
                    throw new EOFException(tensor.file() + " ended while it was read");
                }
            }
        }
        long[] numbers = new long[bytes.capacity() / size];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = tensor.dtype() == Dtype.INT64 ? bytes.getLong(i * size) : bytes.getInt(i * size);
        }
        return numbers;
    }
}
