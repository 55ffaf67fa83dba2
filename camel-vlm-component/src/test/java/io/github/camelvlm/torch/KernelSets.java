package io.github.camelvlm.torch;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The sets of kernels, for tests of each that this processor runs; after a test the best one is used again. */
final class KernelSets implements BeforeAllCallback, AfterEachCallback {
    /** Where a test finds {@link #all}. */
    static final String ALL = "io.github.camelvlm.torch.KernelSets#all";

    static Stream<String> all() {
        return Stream.of("avx512_bf16", "avx512_vnni", "avx2", "neon_dotprod");
    }

    /** Passes the test over where the processor does not have the instructions. */
    static void use(String set) {
        assumeThat(NativeKernels.use(set)).as("this processor has " + set).isTrue();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        TorchRuntime.prepareThread(2);
        assumeThat(NativeKernels.instructions())
                .as("this build has kernels for this processor: " + NativeKernels.reason())
                .isPresent();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        NativeKernels.use(NativeKernels.instructions().orElseThrow());
    }
}
