package io.github.camelvlm.torch;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernels of {@code src/main/native}, a library that tells libtorch operators of this project: {@code ops.vlm.rows} and
 * so on, which a program's text may call once they are there. Where they are not, programs do with libtorch's own.
 */
public final class NativeKernels {
    private static final Logger LOG = LoggerFactory.getLogger(NativeKernels.class);

    /** What {@code operators.c} calls itself. */
    private static final int REVISION = 2;

    private static final String FILE = "libcamelvlm.so";

    private NativeKernels() {}

    /** Loaded on first use. libtorch remembers operators for as long as the process lives. */
    private static final class Loaded {
        static final NativeLibrary LIBRARY;
        static final String REASON;

        static {
            NativeLibrary library = null;
            String reason = "";
            try {
                library = load();
            } catch (KernelsUnavailable e) {
                reason = e.getMessage();
            } catch (IOException | LinkageError | RuntimeException e) {
                LOG.debug("The native kernels cannot be loaded", e);
                reason = "their library cannot be loaded (" + e.getMessage() + ")";
            }
            LIBRARY = library;
            REASON = reason;
        }
    }

    /** Why there are none, said to people. */
    private static final class KernelsUnavailable extends Exception {
        private static final long serialVersionUID = 1L;

        KernelsUnavailable(String reason) {
            super(reason);
        }
    }

    /** The instructions that they use on this processor, such as {@code avx512_bf16}; empty if there are no kernels here. */
    public static Optional<String> instructions() {
        return Loaded.LIBRARY == null
                ? Optional.empty()
                : Optional.of(Loaded.LIBRARY.getFunction("vlm_instructions").invokeString(new Object[0], false));
    }

    /** Why there are none here, as the end of a sentence; empty if there are. */
    public static String reason() {
        return Loaded.REASON;
    }

    /**
     * Has them use other instructions from now on, as a test does. No program may be running.
     *
     * @param instructions such as {@code avx2}
     * @return whether this processor has them
     */
    static boolean use(String instructions) {
        return Loaded.LIBRARY != null
                && Loaded.LIBRARY.getFunction("vlm_use").invokeInt(new Object[] {instructions}) == 0;
    }

    private static NativeLibrary load() throws IOException, KernelsUnavailable {
        TorchRuntime.version();
        String platform = platform();
        String resource = "native/" + platform + "/" + FILE;
        try (InputStream in = NativeKernels.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new KernelsUnavailable("this build has none for " + platform);
            }
            return register(open(in));
        }
    }

    /** @throws LinkageError if it is no library of this system, or needs what is not there */
    static NativeLibrary open(InputStream library) throws IOException {
        Path copy = Files.createTempFile("camelvlm", ".so");
        try {
            Files.copy(library, copy, StandardCopyOption.REPLACE_EXISTING);
            return NativeLibrary.getInstance(copy.toString());
        } finally {
            // Linux keeps what is mapped.
            Files.delete(copy);
        }
    }

    private static NativeLibrary register(NativeLibrary library) throws KernelsUnavailable {
        if (library.getFunction("vlm_revision").invokeInt(new Object[0]) != REVISION) {
            throw new KernelsUnavailable("their library is of another version");
        }
        int objection = library.getFunction("vlm_register").invokeInt(new Object[0]);
        if (objection == 1) {
            throw new KernelsUnavailable("this processor lacks the instructions (AVX2 or AVX-512, or Arm's dotprod)");
        }
        if (objection != 0) {
            throw new KernelsUnavailable("libtorch does not take them");
        }
        return library;
    }

    private static String platform() {
        String arch = System.getProperty("os.arch");
        return System.getProperty("os.name").toLowerCase(Locale.ROOT) + "-" + (arch.equals("amd64") ? "x86_64" : arch);
    }
}
