package io.github.camelvlm.routes.start;

import static org.apache.camel.RuntimeCamelException.wrapRuntimeCamelException;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class StartFailureTest {
    @Test
    void prefersASentenceOfOursToItsCause() {
        Exception ours = new IllegalStateException("The file cannot be read: name another", new IOException("file"));

        assertThat(StartFailure.message(wrapRuntimeCamelException(ours)))
                .isEqualTo("The file cannot be read: name another");
    }

    @Test
    void saysWhatToDoAboutAHeapThatIsTooSmall() {
        assertThat(StartFailure.message(wrapRuntimeCamelException(new OutOfMemoryError("Java heap space"))))
                .isEqualTo("the memory of Java is too small (Java heap space): raise -Xmx");
    }
}
