package io.github.camelvlm.torch;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The heap of the C library, which libtorch takes a CPU's tensors from. */
public final class NativeHeap {
    private static final Logger LOG = LoggerFactory.getLogger(NativeHeap.class);
    /** Numbers of {@code malloc.h}. */
    private static final int M_TRIM_THRESHOLD = -1;

    private static final int M_MMAP_THRESHOLD = -3;
    /** The most that GNU's C library takes for {@link #M_MMAP_THRESHOLD}. */
    private static final int LARGEST_KEPT = 32 << 20;
    /** More than what a step computes with. */
    private static final int MOST_KEPT = 1 << 30;

    private NativeHeap() {}

    /**
     * Has GNU's C library keep what is freed until {@link #giveBack}. By itself it gives large blocks back at once, and each
     * page of the next one costs a fault: a tenth of the time of a picture's attention.
     */
    static void keepWhatIsFreed() {
        try {
            CLibrary.find().ifPresent(c -> {
                c.mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT);
                c.mallopt(M_TRIM_THRESHOLD, MOST_KEPT);
            });
        } catch (UnsatisfiedLinkError e) {
            LOG.debug("The C library decides what it keeps", e);
        }
    }

    /**
     * Gives back to the operating system what was freed. GNU's C library keeps it for later: what steps computed with, up
     * to a sixth of a model's weights when they have been quantized, and half of them when it has been closed. Takes some
     * hundredths of a second; does nothing where there is another C library.
     */
    public static void giveBack() {
        try {
            CLibrary.find().ifPresent(c -> c.malloc_trim(0));
        } catch (UnsatisfiedLinkError e) {
            LOG.debug("Freed memory stays with the process", e);
        }
    }
}
