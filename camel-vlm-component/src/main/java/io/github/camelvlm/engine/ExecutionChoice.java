package io.github.camelvlm.engine;

import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.NativeKernels;
import io.github.camelvlm.torch.ProductTimer;
import io.github.camelvlm.torch.TorchRuntime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses where and how a model executes, by the options and by what this machine can do. */
final class ExecutionChoice {
    /** As many rows as a small picture's prompt has, where a CPU without the instructions shows. */
    private static final int TIMED_ROWS = 64;

    private static final String AUTO = "auto";
    private static final String NONE = "none";
    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

    private static final Logger LOG = LoggerFactory.getLogger(ExecutionChoice.class);

    private ExecutionChoice() {}

    /**
     * Resolves the options.
     *
     * @throws ModelLoadException if the device is unknown or not there, the type is unknown, or there is no such
     *     quantization here
     */
    static Execution of(EngineOptions options) {
        Dtype wanted = options.dtype().equals(AUTO) ? null : dtype(options.dtype());
        String chosen = device(options.device());
        Dtype type = wanted != null ? wanted : fastest(chosen);
        LinearKernel kernel = kernel(options, chosen, type);
        boolean ours = kernel.isNative() || (type == Dtype.BFLOAT16 && hasNativeKernels(options, chosen));
        return new Execution(chosen, type, kernel, ours);
    }

    private static boolean hasNativeKernels(EngineOptions options, String device) {
        if (!device.equals(Execution.CPU) || !options.nativeKernels()) {
            return false;
        }
        if (NativeKernels.instructions().isEmpty()) {
            LOG.info("libtorch's operators compute everything, without native kernels: {}", NativeKernels.reason());
        }
        return NativeKernels.instructions().isPresent();
    }

    private static LinearKernel kernel(EngineOptions options, String device, Dtype dtype) {
        String quantization = options.quantization();
        if (quantization.equals(NONE)) {
            return LinearKernel.fastest(device, dtype, options.packWeights(), options.nativeKernels());
        }
        LinearKernel kernel =
                switch (quantization) {
                    case "int8" -> LinearKernel.INT8;
                    case "int4" -> LinearKernel.INT4;
                    default ->
                        throw new ModelLoadException("quantization must be none, int8 or int4, but is " + quantization);
                };
        if (!device.equals(Execution.CPU) || dtype == Dtype.FLOAT16) {
            throw notHere(quantization, device, dtype);
        }
        LinearKernel ours = kernel.orNative(dtype, options.nativeKernels());
        if (!ours.isSupported(dtype)) {
            throw notHere(quantization, device, dtype);
        }
        return ours;
    }

    private static ModelLoadException notHere(String quantization, String device, Dtype dtype) {
        return new ModelLoadException("quantization=" + quantization
                + " is for x86 CPUs in float32 or bfloat16, but the"
                + " model would run on " + device + " as " + dtype.torchName() + ": set quantization=none, or"
                + " device=cpu");
    }

    private static Dtype dtype(String name) {
        return Stream.of(Dtype.values())
                .filter(dtype -> dtype.isComputed() && dtype.torchName().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new ModelLoadException("dtype must be auto, float32, bfloat16 or float16, but is " + name));
    }

    /** @throws ModelLoadException if the device is unknown or not there */
    static String device(String option) {
        if (option.equals(Execution.CPU)) {
            return Execution.CPU;
        }
        Matcher cuda = CUDA.matcher(option);
        if (!cuda.matches() && !option.equals(AUTO)) {
            throw new ModelLoadException("device must be auto, cpu, cuda or cuda:N, but is " + option);
        }
        int gpus = TorchRuntime.gpuCount();
        if (option.equals(AUTO)) {
            return gpus > 0 ? "cuda:0" : Execution.CPU;
        }
        int index = cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1));
        if (index >= gpus) {
            throw notThere(option, gpus);
        }
        return "cuda:" + index;
    }

    static ModelLoadException notThere(String option, int gpus) {
        return new ModelLoadException("device is " + option + ", but "
                + (gpus == 0
                        ? "no GPU can be used here: use device=cpu or auto, or check the NVIDIA driver (nvidia-smi)"
                                + " and that libtorch for CUDA is on the class path or in PYTORCH_LIBRARY_PATH"
                        : "the GPUs here are cuda:0 to cuda:" + (gpus - 1)));
    }

    /** Every GPU that libtorch 2.7 serves computes bfloat16; a CPU without instructions for it is far slower than in float32. */
    private static Dtype fastest(String device) {
        return !device.equals(Execution.CPU) || nanos(Dtype.BFLOAT16) < nanos(Dtype.FLOAT32)
                ? Dtype.BFLOAT16
                : Dtype.FLOAT32;
    }

    private static long nanos(Dtype dtype) {
        return ProductTimer.nanos(LinearKernel.PLAIN.text(), dtype, TIMED_ROWS);
    }
}
