package io.github.camelvlm.torch;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The heap of the C library, which libtorch takes a CPU's tensors from. */
public final class NativeHeap {
    private static final Logger LOG = LoggerFactory.getLogger(NativeHeap.class);

    private NativeHeap() {}

    /** GNU's C library. */
    private interface C extends Library {
        int malloc_trim(long pad);
    }

    /**
     * Gives back to the operating system what was freed. GNU's C library keeps it for later: a tenth of a model's weights
     * when they have been quantized, and half of them when it has been closed. Takes some hundredths of a second; does
     * nothing where there is another C library.
     */
    public static void giveBack() {
        if (!Platform.isLinux()) {
            return;
        }
        try {
            Native.load("c", C.class).malloc_trim(0);
        } catch (LinkageError e) {
            LOG.debug("Freed memory stays with the process", e);
        }
    }
}
