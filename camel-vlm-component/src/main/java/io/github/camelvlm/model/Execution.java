package io.github.camelvlm.model;

import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.NativeKernels;
import java.util.OptionalInt;

/**
 * Where and how a model executes.
 *
 * @param device libtorch's name of the device, such as {@code cuda:0}
 * @param dtype the type of weights and activations
 * @param kernel the form of the matrices
 */
public record Execution(String device, Dtype dtype, LinearKernel kernel) {
    /** libtorch's name of the CPU. */
    public static final String CPU = "cpu";

    /** The number of the GPU, if it is one. */
    public OptionalInt gpu() {
        return device.equals(CPU)
                ? OptionalInt.empty()
                : OptionalInt.of(Integer.parseInt(device.substring(device.indexOf(':') + 1)));
    }

    /**
     * All of it, for people, such as {@code cpu as bfloat16 with packed weights}.
     *
     * @param usesFlash whether attention is computed by the flash kernel of a GPU
     */
    public String text(boolean usesFlash) {
        String form = device.equals(CPU)
                ? switch (kernel) {
                    case PLAIN -> "plain weights";
                    case PACKED -> "packed weights";
                    case INT8 -> "weights in int8";
                    case INT4 -> "weights in int4";
                    case NATIVE -> "weights as stored" + kernels();
                    case NATIVE_INT8 -> "weights in int8" + kernels();
                    case NATIVE_INT4 -> "weights in int4" + kernels();
                }
                : usesFlash ? "flash attention" : "plain attention";
        return device + " as " + dtype.torchName() + " with " + form;
    }

    private static String kernels() {
        return " and native kernels (" + NativeKernels.instructions().orElse("none") + ")";
    }
}
