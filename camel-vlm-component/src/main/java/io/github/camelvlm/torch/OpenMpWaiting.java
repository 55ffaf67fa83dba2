package io.github.camelvlm.torch;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.util.Map;
import java.util.function.Supplier;
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

    private static final String POLICY = "OMP_WAIT_POLICY";
    /**
     * Without the policy the count is a tenth as soon as more threads of the JVM have used OpenMP than there are
     * processors, as the one that loads a model and the one that runs it have.
     */
    private static final Map<String, String> SETTINGS = Map.of("GOMP_SPINCOUNT", "1000", POLICY, "active");

    private OpenMpWaiting() {}

    /** The C library, which alone can change what a native library sees of the environment. */
    private interface C extends Library {
        int setenv(String name, String value, int overwrite);

        int unsetenv(String name);
    }

    /**
     * Loads libtorch, which reads the settings while it is loaded. What the user has set stands. Afterwards the environment
     * is as it was: other libraries would take the policy to mean that threads never sleep.
     */
    static <T> T spinningShortly(Supplier<T> loading) {
        if (!Platform.isLinux() || System.getenv(POLICY) != null) {
            return loading.get();
        }
        C c;
        try {
            c = Native.load("c", C.class);
        } catch (LinkageError e) {
            LOG.debug("OpenMP's threads will spin while they wait", e);
            return loading.get();
        }
        SETTINGS.forEach((name, value) -> c.setenv(name, value, 0));
        try {
            return loading.get();
        } finally {
            SETTINGS.keySet().stream()
                    .filter(name -> System.getenv(name) == null)
                    .forEach(c::unsetenv);
        }
    }
}
