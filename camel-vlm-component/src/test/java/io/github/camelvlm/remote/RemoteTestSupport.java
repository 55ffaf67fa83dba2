package io.github.camelvlm.remote;

import static io.github.camelvlm.remote.ScriptedServer.silence;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.SeenPicture;
import io.github.camelvlm.chat.VlmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** Engines and the servers that they ask, all closed after each test. */
abstract class RemoteTestSupport {

    static final Duration LIMIT = Duration.ofSeconds(10);
    private static final SamplingOptions ONE_WORD =
            SamplingOptions.builder().maxTokens(1).build();

    final List<AutoCloseable> open = new ArrayList<>();
    final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void closeAll() throws Exception {
        over.countDown();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    ScriptedServer server(ScriptedServer.Script... scripts) throws Exception {
        ScriptedServer server = new ScriptedServer(scripts);
        open.add(server);
        return server;
    }

    RemoteEngine engine(ScriptedServer... servers) {
        return engine("key-1234", Duration.ofSeconds(60), servers);
    }

    /** An engine that takes two answers for a server, and some bytes of requests. */
    RemoteEngine smallEngine(long maxBytes, PictureMeasure measure, ScriptedServer server) {
        RemoteEngine engine = new RemoteEngine(
                new RemoteOptions(List.of(server.url()), null, "m", Duration.ofSeconds(5), 1, 1),
                measure,
                Duration.ofSeconds(60),
                maxBytes);
        open.add(0, engine);
        return engine;
    }

    RemoteEngine engine(String key, Duration silence, ScriptedServer... servers) {
        RemoteEngine engine = new RemoteEngine(
                new RemoteOptions(
                        Arrays.stream(servers).map(ScriptedServer::url).toList(),
                        key,
                        "m",
                        Duration.ofSeconds(5),
                        8,
                        64),
                picture -> new SeenPicture(picture.name(), 2, 1),
                silence,
                Long.MAX_VALUE);
        open.add(0, engine);
        return engine;
    }

    static ChatRequest ask(SamplingOptions sampling, Duration timeLimit) {
        return new ChatRequest(List.of(Message.of(Role.USER, "Hi")), sampling, timeLimit);
    }

    static Completion answer(RemoteEngine engine) throws InterruptedException {
        return engine.generate(ask(SamplingOptions.NONE, LIMIT)).await();
    }

    static VlmException failure(RemoteEngine engine) {
        Generation generation = engine.generate(ask(ONE_WORD, LIMIT));
        try {
            throw new AssertionError("it is answered: " + generation.await());
        } catch (VlmException e) {
            return e;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void until(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("waited for: " + what)
                    .isLessThan(LIMIT);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
