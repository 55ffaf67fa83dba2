package io.github.camelvlm.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import java.lang.management.MemoryUsage;

/** libtorch itself, loaded once in a JVM: which devices it has, and how the threads that call it use it. */
public final class TorchRuntime {
    private TorchRuntime() {}

    /** Loads on first use, so that a look at the options does not pay for libtorch. */
    private static final class Loaded {
        static final Engine ENGINE;

        static {
            DjlSettings.apply();
            NativeHeap.keepWhatIsFreed();
            ENGINE = OpenMpWaiting.spinningShortly(() -> Engine.getEngine("PyTorch"));
        }
    }

    /**
     * Loads libtorch.
     *
     * @return its version, such as 2.7.1
     * @throws IllegalStateException if there is no native library for this machine
     */
    public static String version() {
        try {
            return Loaded.ENGINE.getVersion();
        } catch (EngineException | LinkageError e) {
            throw new IllegalStateException(
                    "PyTorch's native library cannot be loaded on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch")
                            + ": add ai.djl.pytorch:pytorch-native-cpu with this machine's classifier to the class path,"
                            + " or name a folder that holds libtorch in PYTORCH_LIBRARY_PATH",
                    e);
        }
    }

    /** The number of NVIDIA GPUs that the loaded libtorch can use; 0 if it was built without CUDA. */
    public static int gpuCount() {
        version();
        return Loaded.ENGINE.hasCapability("CUDA") ? Loaded.ENGINE.getGpuCount() : 0;
    }

    /**
     * The free memory of a GPU.
     *
     * @param index the number of the GPU
     * @return bytes
     */
    public static long freeGpuMemory(int index) {
        MemoryUsage memory = CudaUtils.getGpuMemory(Device.gpu(index));
        return memory.getMax() - memory.getUsed();
    }

    /**
     * The memory that a GPU has.
     *
     * @param index the number of the GPU
     * @return bytes
     */
    public static long gpuMemory(int index) {
        return CudaUtils.getGpuMemory(Device.gpu(index)).getMax();
    }

    /** Has libtorch give back what it keeps of GPUs' memory for later, so that others, and {@link #freeGpuMemory}, find it free. */
    public static void giveBackGpuMemory() {
        if (gpuCount() > 0) {
            JniUtils.emptyCudaCache();
        }
    }

    /**
     * Prepares the calling thread for running programs. libtorch keeps the setting per thread.
     *
     * @param threads the number of threads that share one operator's work
     */
    public static void prepareThread(int threads) {
        version();
        JniUtils.setNumThreads(threads);
    }
}
