package io.github.camelvlm.remote;

import static io.github.camelvlm.remote.ScriptedServer.error;
import static io.github.camelvlm.remote.ScriptedServer.json;
import static io.github.camelvlm.remote.ScriptedServer.saying;
import static io.github.camelvlm.remote.ScriptedServer.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.VlmException;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Steps that fail with an error of the JVM's, such as for want of memory: what waits for them has an end all the same. */
@Timeout(60)
class FailingJvmTest extends RemoteTestSupport {
    private static final String NO_MODELS = "{\"object\":\"list\",\"data\":[]}";

    private final ProxySelector before = ProxySelector.getDefault();
    private final AtomicInteger errors = new AtomicInteger();

    /** The HTTP client asks it before it sends. */
    private final class FailingSelector extends ProxySelector {
        @Override
        public List<Proxy> select(URI uri) {
            if (errors.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new OutOfMemoryError("while it is sent");
            }
            return List.of(Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            // The connection tells it too.
        }
    }

    private RemoteEngine failingEngine(Duration silence, ScriptedServer server) {
        ProxySelector.setDefault(new FailingSelector());
        return engine("key", silence, server);
    }

    @AfterEach
    void resetSelector() {
        ProxySelector.setDefault(before);
    }

    @Test
    void endsAnAnswerWhoseRequestCannotBeSent() throws Exception {
        RemoteEngine engine = failingEngine(Duration.ofSeconds(60), server(saying("Hi")));
        errors.set(1);

        assertThatThrownBy(() -> answer(engine))
                .isInstanceOf(VlmException.class)
                .hasMessageContaining("raise -Xmx")
                .hasRootCauseInstanceOf(OutOfMemoryError.class);

        until("it is counted", () -> engine.statistics().failed() == 1);
        until("it is forgotten", () -> engine.statistics().waiting() == 0);
        assertThat(answer(engine).text()).isEqualTo("Hi");
    }

    @Test
    void takesAServerInAgainThoughAProbeOfItCouldNotBeSent() throws Exception {
        ScriptedServer server = server(error(503, "loading"), saying("Hi"));
        RemoteEngine engine = failingEngine(Duration.ofSeconds(60), server);
        server.answerProbes(error(503, "loading"));
        Generation generation = engine.generate(ask(SamplingOptions.NONE, LIMIT));
        until("the server is left out", () -> !engine.isReady());

        errors.set(1);
        until("a probe fails", () -> errors.get() == 0);
        server.answerProbes(json(200, NO_MODELS));

        assertThat(generation.await().text()).isEqualTo("Hi");
    }

    @Test
    void asksAgainThoughTheProbeOfASilentServerCouldNotBeSent() throws Exception {
        ScriptedServer server = server(silence(over), saying("Hi"));
        RemoteEngine engine = failingEngine(Duration.ofMillis(100), server);
        Generation generation = engine.generate(ask(SamplingOptions.NONE, LIMIT));
        until("it is asked", () -> server.requests().size() == 1);

        errors.set(1);

        assertThat(generation.await().text()).isEqualTo("Hi");
    }

    @Test
    void endsWhatAsksForTokensWhenItIsClosed() throws Exception {
        ScriptedServer server = server(saying("Hi"));
        server.answerTokenizing(silence(over));
        RemoteEngine engine = engine(server);
        CompletableFuture<Throwable> asking = CompletableFuture.supplyAsync(() -> {
            try {
                return new AssertionError(
                        "it is answered: " + engine.tokenizer().encode("Hi", true).length);
            } catch (VlmException e) {
                return e;
            }
        });
        until("it is asked", () -> !server.requests().isEmpty());

        engine.close();

        assertThat(asking.get(10, TimeUnit.SECONDS))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("is closed or stopping");
        assertThatThrownBy(() -> engine.tokenizer().encode("Hi", true)).isInstanceOf(EngineUnavailableException.class);
    }
}
