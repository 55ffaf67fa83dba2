package io.github.camelvlm.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.remote.OverflowEngine;
import io.github.camelvlm.remote.RemoteOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadedEnginesTest {
    private final LoadedEngines engines = new LoadedEngines();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    /** Nothing is asked of it here. */
    private final VlmEngine engine = new OverflowEngine(null, null);

    @BeforeEach
    void open() {
        engines.open();
    }

    private VlmEngine get(String key, Supplier<VlmEngine> loader) {
        return engines.get(key, "settings", loader).engine();
    }

    private VlmEngine slow() {
        begun.countDown();
        try {
            assertThat(released.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return engine;
    }

    private static VlmEngine none() {
        throw new ModelLoadException("It cannot be loaded");
    }

    @Test
    void givesOneThatIsThereWhileAnotherIsLoaded() throws Exception {
        get("there", () -> engine);
        CompletableFuture<VlmEngine> waiting = CompletableFuture.supplyAsync(() -> get("slow", this::slow));
        begun.await();

        assertThat(get("there", LoadedEnginesTest::none)).isSameAs(engine);
        assertThat(engines.find("slow")).isEmpty();
        assertThat(waiting).isNotDone();

        released.countDown();
        assertThat(waiting.get()).isSameAs(engine);
    }

    @Test
    void loadsOneOnceForAllWhoAskTogether() throws Exception {
        CompletableFuture<VlmEngine> first = CompletableFuture.supplyAsync(() -> get("slow", this::slow));
        begun.await();
        CompletableFuture<VlmEngine> second = CompletableFuture.supplyAsync(() -> get("slow", LoadedEnginesTest::none));

        released.countDown();

        assertThat(first.get()).isSameAs(engine);
        assertThat(second.get()).isSameAs(engine);
    }

    @Test
    void triesAgainAfterAFailure() {
        assertThatThrownBy(() -> get("model", LoadedEnginesTest::none)).isInstanceOf(ModelLoadException.class);

        assertThat(get("model", () -> engine)).isSameAs(engine);
    }

    @Test
    void closesAnEngineThatCannotBeKept() {
        VlmEngine remote = RemoteEngines.load(
                new RemoteOptions(List.of(URI.create("http://localhost:1/v1")), null, "m", Duration.ZERO, 8, 64), 100);
        AtomicBoolean isLoaded = new AtomicBoolean();
        Object key = new Object() {
            @Override
            public int hashCode() {
                if (isLoaded.get()) {
                    throw new OutOfMemoryError("while it is kept");
                }
                return 1;
            }
        };

        assertThatThrownBy(() -> engines.get(key, "settings", () -> {
                    isLoaded.set(true);
                    return remote;
                }))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessage("while it is kept");

        assertThatThrownBy(() -> remote.generate(
                        new ChatRequest(List.of(Message.of(Role.USER, "Hi")), SamplingOptions.NONE, null)))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void handsOutForClosingTheOneThatIsJustBeingLoaded() throws Exception {
        CompletableFuture<VlmEngine> waiting = CompletableFuture.supplyAsync(() -> get("slow", this::slow));
        begun.await();
        CompletableFuture<List<VlmEngine>> closing = CompletableFuture.supplyAsync(engines::close);

        released.countDown();

        assertThat(closing.get()).containsExactly(engine);
        assertThat(waiting.get()).isSameAs(engine);
        assertThatThrownBy(() -> get("slow", () -> engine)).isInstanceOf(EngineUnavailableException.class);
    }
}
