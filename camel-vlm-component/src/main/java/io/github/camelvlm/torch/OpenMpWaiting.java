package io.github.camelvlm.torch;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the threads that share one operator's work wait for each other. GNU's OpenMP, which libtorch for Linux brings, lets
 * them spin for milliseconds. On a machine that has other work to do they then keep each other from the processors:
 * products of matrices were seen to take seven times as long. A thread that sleeps at once, on the other hand, has to be
 * woken for the next operator, some microseconds later, which made a step of sixteen sequences a quarter longer. So they
 * spin for some fifteen microseconds, which costs a step a tenth to a quarter where a processor has other work to do.
 */
final class OpenMpWaiting {
    private static final Logger LOG = LoggerFactory.getLogger(OpenMpWaiting.class);

    private OpenMpWaiting() {}

    /** The C library, which alone can change what a native library sees of the environment. */
    private interface C extends Library {
        int setenv(String name, String value, int overwrite);
    }

    /** To be called before libtorch is loaded. What the user has set stands. */
    static void spinShortly() {
        if (!Platform.isLinux() || System.getenv("OMP_WAIT_POLICY") != null) {
            return;
        }
        try {
            C c = Native.load("c", C.class);
            c.setenv("GOMP_SPINCOUNT", "1000", 0);
            // Without it the count is a tenth as soon as two threads of the JVM have used OpenMP, as the loading one
            // has.
            c.setenv("OMP_WAIT_POLICY", "active", 0);
        } catch (LinkageError e) {
            LOG.debug("OpenMP's threads will spin while they wait", e);
        }
    }
}
