package io.github.camelvlm.qwen;

import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.ProductTimer;
import io.github.camelvlm.torch.TorchException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** How the products with the decoder's weights are computed. */
public enum LinearKernel {
    /** Weights as they are stored, mapped from their files where they have the right type. */
    PLAIN,
    /** Weights copied into the order that oneDNN's kernels read; the files are let go of. For CPUs. */
    PACKED;

    /** Decoding multiplies one row for each sequence; the difference is the same for one to sixteen. */
    private static final int ROWS = 8;

    /**
     * The faster one on this machine, by a measurement of a few milliseconds.
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

    private long nanos(Dtype dtype) {
        return ProductTimer.nanos(text(), ROWS, dtype);
    }

    /** TorchScript's functions {@code pack} and {@code linear}. */
    public String text() {
        return this == PACKED ? resource("linear.packed.torchscript") : resource("linear.plain.torchscript");
    }

    static String resource(String name) {
        try (InputStream in = LinearKernel.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
