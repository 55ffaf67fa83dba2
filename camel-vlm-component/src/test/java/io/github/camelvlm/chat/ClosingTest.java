package io.github.camelvlm.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {
    @Test
    void takesTheStepsAfterOneThatFails() {
        List<String> closed = new ArrayList<>();
        Error first = new OutOfMemoryError("first");
        RuntimeException second = new IllegalStateException("second");

        assertThatThrownBy(() -> Closing.all(
                        () -> closed.add("one"),
                        () -> {
                            throw first;
                        },
                        () -> {
                            throw second;
                        },
                        () -> closed.add("four")))
                .isSameAs(first)
                .hasSuppressedException(second);

        assertThat(closed).containsExactly("one", "four");
    }

    @Test
    void throwsTheSameFailureOnce() {
        RuntimeException failure = new IllegalStateException();

        assertThatThrownBy(() -> Closing.each(List.of(1, 2), number -> {
                    throw failure;
                }))
                .isSameAs(failure)
                .hasNoSuppressedExceptions();
    }
}
