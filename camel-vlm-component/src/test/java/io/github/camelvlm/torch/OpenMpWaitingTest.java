package io.github.camelvlm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Library;
import com.sun.jna.Native;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere the settings are left alone")
class OpenMpWaitingTest {
    private static final C LIBRARY = Native.load("c", C.class);

    private interface C extends Library {
        String getenv(String name);
    }

    /** What a native library sees. */
    private static String policy() {
        return LIBRARY.getenv("OMP_WAIT_POLICY");
    }

    @Test
    void changesTheEnvironmentOnlyWhileTheLibraryIsLoaded() {
        String before = policy();

        String meanwhile = OpenMpWaiting.spinningShortly(OpenMpWaitingTest::policy);

        assertThat(meanwhile).isNotNull();
        assertThat(policy()).isEqualTo(before);
    }
}
