package io.github.camelvlm.remote;

import static io.github.camelvlm.remote.ScriptedServer.saying;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.EngineUnavailableException;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class OverflowEngineTest extends RemoteTestSupport {
    /** One that cannot be closed. */
    private final OverflowEngine broken = new OverflowEngine(null, null);

    private void assertThatTheSecondIsClosed(RemoteEngine second, ThrowingCallable closing) {
        assertThatThrownBy(closing).isInstanceOf(NullPointerException.class);

        assertThatThrownBy(() -> answer(second))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void closesTheSecondThoughTheFirstFails() throws Exception {
        RemoteEngine second = engine(server(saying("Hi")));

        assertThatTheSecondIsClosed(second, new OverflowEngine(broken, second)::close);
    }

    @Test
    void shutsTheSecondDownThoughTheFirstFails() throws Exception {
        RemoteEngine second = engine(server(saying("Hi")));

        assertThatTheSecondIsClosed(second, () -> new OverflowEngine(broken, second).shutdown(Duration.ZERO));
    }
}
