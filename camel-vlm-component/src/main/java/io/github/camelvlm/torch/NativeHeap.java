package io.github.camelvlm.torch;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The heap of the C library, which libtorch takes a CPU's tensors from. */
public final class NativeHeap {
    private static final Logger LOG = LoggerFactory.getLogger(NativeHeap.class);

    private NativeHeap() {}

    /**
     * Gives back to the operating system what was freed. GNU's C library keeps it for later: up to a sixth of a model's
     * weights when they have been quantized, and half of them when it has been closed. Takes some hundredths of a second;
     * does nothing where there is another C library.
     */
    public static void giveBack() {
        try {
            CLibrary.find().ifPresent(c -> c.malloc_trim(0));
        } catch (UnsatisfiedLinkError e) {
            LOG.debug("Freed memory stays with the process", e);
        }
    }
}
