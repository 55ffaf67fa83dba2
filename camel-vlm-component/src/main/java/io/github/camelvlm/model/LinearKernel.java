package io.github.camelvlm.model;

import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.ProductTimer;
import io.github.camelvlm.torch.TorchException;
import java.util.Locale;

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
    INT4;

    /** Decoding multiplies one row for each sequence; the difference is the same for one to sixteen. */
    private static final int ROWS = 8;

    /**
     * The faster of {@link #PLAIN} and {@link #PACKED} on this machine, by a measurement of a few milliseconds.
     *
     * @param device libtorch's name of the device
     */
    public static LinearKernel fastest(String device, Dtype dtype) {
        if (!device.equals("cpu") || dtype != Dtype.BFLOAT16) {
            return PLAIN;
        }
        try {
            return PACKED.nanos(dtype) < PLAIN.nanos(dtype) ? PACKED : PLAIN;
        } catch (TorchException e) {
            // libtorch was built without oneDNN, as for Macs.
            return PLAIN;
        }
    }

    /** Whether this build of libtorch has the operators, tried out on a small product. */
    public boolean isSupported(Dtype dtype) {
        try {
            return nanos(dtype) > 0;
        } catch (TorchException e) {
            return false;
        }
    }

    private long nanos(Dtype dtype) {
        return ProductTimer.nanos(text(), ROWS, dtype);
    }

    /** TorchScript's type {@code Dense} and its functions {@code pack}, {@code dense} and {@code add_dense}. */
    public String text() {
        String form = ProgramText.of("linear." + name().toLowerCase(Locale.ROOT));
        return this == INT8 || this == INT4 ? ProgramText.of("integers") + form : form;
    }
}
