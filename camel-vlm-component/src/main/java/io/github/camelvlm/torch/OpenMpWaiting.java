package io.github.camelvlm.torch;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How the threads that share one operator's work wait for each other. GNU's OpenMP, which libtorch for Linux brings, lets
 * them spin for milliseconds. On a machine that has other work to do they then keep each other from the processors:
 * products of matrices were seen to take seven times as long. A thread that sleeps at once, on the other hand, has to be
 * woken for the next operator, some microseconds later, which made a step of sixteen sequences a quarter longer. So they
 * spin for some fifteen microseconds, which costs a step a tenth to a quarter where a processor has other work to do.
 */
final class OpenMpWaiting {
    private static final String POLICY = "OMP_WAIT_POLICY";
    /**
     * Without the policy the count is a tenth as soon as more threads of the JVM have used OpenMP than there are
     * processors, as the one that loads a model and the one that runs it have.
     */
    private static final Map<String, String> SETTINGS = Map.of("GOMP_SPINCOUNT", "1000", POLICY, "active");

    private OpenMpWaiting() {}

    /**
     * Loads libtorch, which reads the settings while it is loaded. What the user has set stands. Afterwards the environment
     * is as it was: other libraries would take the policy to mean that threads never sleep.
     */
    static <T> T spinningShortly(Supplier<T> loading) {
        Optional<CLibrary> found = System.getenv(POLICY) == null ? CLibrary.find() : Optional.empty();
        if (found.isEmpty()) {
            return loading.get();
        }
        CLibrary c = found.get();
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
