package io.github.camelvlm.torch;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The C library of Linux, which alone can change what the native libraries of this process see and hold. */
interface CLibrary extends Library {
    int setenv(String name, String value, int overwrite);

    int unsetenv(String name);

    /** GNU's library alone has it; of another one a call ends with an {@link UnsatisfiedLinkError}. */
    int malloc_trim(long pad);

    /** As {@link #malloc_trim}. */
    int mallopt(int parameter, int value);

    /** The library of this process; empty on other systems, or where it cannot be called. */
    static Optional<CLibrary> find() {
        if (!Platform.isLinux()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Native.load("c", CLibrary.class));
        } catch (LinkageError e) {
            Logger log = LoggerFactory.getLogger(CLibrary.class);
            log.debug("The C library cannot be called", e);
            return Optional.empty();
        }
    }
}
