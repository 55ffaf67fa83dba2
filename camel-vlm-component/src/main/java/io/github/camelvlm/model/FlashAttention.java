package io.github.camelvlm.model;

import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchException;
import io.github.camelvlm.torch.TorchProgram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attention by libtorch's flash kernel (Dao: FlashAttention-2, arXiv:2307.08691), which takes all sequences of a step at
 * once. What its builds and GPUs can do differs, so a program uses the kernel only where it was tried and agreed.
 */
public final class FlashAttention {
    private static final Logger LOG = LoggerFactory.getLogger(FlashAttention.class);

    /** Numbers between -1 and 1 in bfloat16 are off by up to 0.004 after one rounding; another mask changes them by 0.1. */
    private static final double TOLERANCE = 0.02;

    private FlashAttention() {}

    /**
     * Tries the kernel, and lets the program use it if its results are those of plain attention.
     *
     * @param program a program that is built
     * @param device libtorch's name of the device
     * @param dtype the type that the program computes in; the kernel takes only those of two bytes
     * @return whether the program uses it
     */
    public static boolean enable(TorchProgram program, String device, Dtype dtype) {
        boolean enabled = device.startsWith("cuda") && dtype != Dtype.FLOAT32 && agrees(program);
        program.run("use_flash", enabled);
        return enabled;
    }

    /** Whether the kernel runs here, and computes what plain attention computes. */
    public static boolean agrees(TorchProgram program) {
        try {
            double difference = program.doubles("try_flash")[0];
            if (difference <= TOLERANCE) {
                return true;
            }
            LOG.warn("Flash attention is not used: its results differ from plain attention's by {}", difference);
        } catch (TorchException e) {
            LOG.info("Flash attention is not used, since it does not run here: {}", e.getMessage());
        }
        return false;
    }
}
