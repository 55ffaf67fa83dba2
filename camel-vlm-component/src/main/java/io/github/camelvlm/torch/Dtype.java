package io.github.camelvlm.torch;

import java.util.Optional;
import java.util.stream.Stream;

/** An element type of stored weights. */
public enum Dtype {
    FLOAT32("float32", "F32", 6, 4),
    BFLOAT16("bfloat16", "BF16", 15, 2),
    FLOAT16("float16", "F16", 5, 2),
    /** Holds weights that were rounded, several in one. */
    INT32("int32", "I32", 3, 4),
    /** Tells the size of a weight that was rounded. */
    INT64("int64", "I64", 4, 8),
    /** Four bits of exponent, three of mantissa. */
    FLOAT8("float8_e4m3fn", "F8_E4M3", 24, 1);

    private final String torchName;
    private final String safetensorsName;
    private final int code;
    private final int bytes;

    Dtype(String torchName, String safetensorsName, int code, int bytes) {
        this.torchName = torchName;
        this.safetensorsName = safetensorsName;
        this.code = code;
        this.bytes = bytes;
    }

    /** Whether a model can compute in it. */
    public boolean isComputed() {
        return this != INT32 && this != INT64 && this != FLOAT8;
    }

    /** The name that PyTorch and the options use, such as {@code bfloat16}. */
    public String torchName() {
        return torchName;
    }

    /** libtorch's number for the type ({@code c10::ScalarType}), which stands for it in TorchScript text. */
    public int code() {
        return code;
    }

    /** The size of an element. */
    public int bytes() {
        return bytes;
    }

    /** The type that a safetensors header calls by this name, such as {@code BF16}; empty for those that hold no weights. */
    static Optional<Dtype> ofSafetensors(String name) {
        return Stream.of(values())
                .filter(dtype -> dtype.safetensorsName.equals(name))
                .findFirst();
    }
}
