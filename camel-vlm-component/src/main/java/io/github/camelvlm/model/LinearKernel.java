package io.github.camelvlm.model;

import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.NativeKernels;
import io.github.camelvlm.torch.ProductTimer;
import io.github.camelvlm.torch.TorchException;
import java.util.Locale;
import java.util.Optional;

/** The form that a model's matrices take, and how products with them are computed; not of those that its checkpoint has rounded. */
public enum LinearKernel {
    /** As they are stored, mapped from their files where they have the right type. */
    PLAIN,
    /** Copied into the order that oneDNN's kernels read. For CPUs. */
    PACKED,
    /** Rounded to 8-bit integers, a scale for each output; a byte a weight. For CPUs. */
    INT8,
    /**
     * Rounded to 4-bit integers in groups of 32 for products with one or two rows, and to 8-bit integers for all others;
     * 1.6 bytes a weight. For CPUs.
     */
    INT4,
    /** As {@link #PLAIN}; few rows are multiplied by the kernels of {@link NativeKernels}. For CPUs, in bfloat16. */
    NATIVE,
    /** As {@link #INT8}, by those kernels. */
    NATIVE_INT8,
    /** Rounded to 4-bit integers in groups of 32 for any number of rows, by those kernels; 0.6 bytes a weight. */
    NATIVE_INT4;

    /** What the operators of the project's own kernels are called by. */
    static final String NATIVE_PART = "native";

    /** Decoding multiplies one row for each sequence. */
    private static final int[] ROWS = {1, 8};

    /** What a form may take longer that need not be copied: a measurement of microseconds is not better than that. */
    private static final double ALIKE = 1.1;

    /**
     * The fastest form of weights that are not rounded on this machine, by a measurement of a few milliseconds.
     *
     * @param device libtorch's name of the device
     * @param mayPack whether weights may be copied
     * @param mayBeNative whether the project's own kernels may be used
     */
    public static LinearKernel fastest(String device, Dtype dtype, boolean mayPack, boolean mayBeNative) {
        if (!device.equals("cpu") || dtype != Dtype.BFLOAT16) {
            return PLAIN;
        }
        Optional<Long> ours = mayBeNative ? NATIVE.nanos(dtype) : Optional.empty();
        Optional<Long> packed = mayPack ? PACKED.nanos(dtype) : Optional.empty();
        if (ours.isPresent() && (packed.isEmpty() || ours.get() < ALIKE * packed.get())) {
            return NATIVE;
        }
        // Without oneDNN, as libtorch is built for Macs, there are no packed ones.
        return packed.isPresent() && packed.get() < PLAIN.nanos(dtype).orElse(Long.MAX_VALUE) ? PACKED : PLAIN;
    }

    /**
     * This one or its native counterpart, whichever is faster here.
     *
     * @param mayBeNative whether the project's own kernels may be used
     */
    public LinearKernel orNative(Dtype dtype, boolean mayBeNative) {
        if (!mayBeNative || (this != INT8 && this != INT4)) {
            return this;
        }
        LinearKernel counterpart = this == INT8 ? NATIVE_INT8 : NATIVE_INT4;
        long own = nanos(dtype).orElse(Long.MAX_VALUE);
        return counterpart.nanos(dtype).filter(ours -> ours / ALIKE < own).isPresent() ? counterpart : this;
    }

    /** Whether its products are computed by {@link NativeKernels}. */
    public boolean isNative() {
        return this == NATIVE || this == NATIVE_INT8 || this == NATIVE_INT4;
    }

    /** Whether it rounds weights to integers. */
    public boolean rounds() {
        return this == INT8 || this == INT4 || this == NATIVE_INT8 || this == NATIVE_INT4;
    }

    /** Whether weights stay as they are stored, mapped from their files. */
    public boolean staysMapped() {
        return this == PLAIN || this == NATIVE;
    }

    /** Whether the operators are there, tried out on a small product. */
    public boolean isSupported(Dtype dtype) {
        return nanos(dtype).isPresent();
    }

    /** Empty where the operators are missing. */
    private Optional<Long> nanos(Dtype dtype) {
        if (isNative() && NativeKernels.instructions().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ProductTimer.nanos(text(), dtype, ROWS));
        } catch (TorchException e) {
            return Optional.empty();
        }
    }

    /** TorchScript's type {@code Dense} and its functions {@code pack}, {@code dense} and {@code add_dense}. */
    public String text() {
        String form = ProgramText.of("linear." + name().toLowerCase(Locale.ROOT));
        if (isNative()) {
            return ProgramText.of(NATIVE_PART) + form;
        }
        return rounds() ? ProgramText.of("integers") + form : form;
    }
}
