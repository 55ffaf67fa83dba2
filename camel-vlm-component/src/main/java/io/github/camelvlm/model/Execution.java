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
 * @param nativeKernels whether the project's own kernels compute what they can besides: attention, norms, rotation and gates, and products with weights
 *     that the checkpoint has rounded
 */
public record Execution(String device, Dtype dtype, LinearKernel kernel, boolean nativeKernels) {
    /** libtorch's name of the CPU. */
    public static final String CPU = "cpu";

    /** With the project's own kernels for everything, or for nothing. */
    public Execution(String device, Dtype dtype, LinearKernel kernel) {
        this(device, dtype, kernel, kernel.isNative());
    }

    /** The parts of a program that say how products and attention are computed. */
    public String programText() {
        String form = nativeKernels ? "." + LinearKernel.NATIVE_PART : "";
        return kernel.text()
                + (nativeKernels && !kernel.isNative() ? ProgramText.of(LinearKernel.NATIVE_PART) : "")
                + ProgramText.of("codes")
                + ProgramText.of("rounded" + form)
                + ProgramText.of("channels" + form)
                + ProgramText.of("attend" + form)
                + ProgramText.of("layer" + form);
    }

    /** The number of the GPU, if it is one. */
    public OptionalInt gpu() {
        return gpu(device);
    }

    /** The number of the GPU, if that is what a name of libtorch's names. */
    public static OptionalInt gpu(String device) {
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
                    case NATIVE -> "weights as stored";
                    case NATIVE_INT8 -> "native weights in int8";
                    case NATIVE_INT4 -> "native weights in int4";
                }
                : usesFlash ? "flash attention" : "plain attention";
        return device + " as " + dtype.torchName() + " with " + form
                + (nativeKernels
                        ? " and native kernels (" + NativeKernels.instructions().orElse("none") + ")"
                        : "");
    }
}
