package io.github.camelvlm.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BufferedGenerationTest {
    private static final Delta WORD = new Delta("Hi", List.of(), List.of(), List.of());

    private final BufferedGeneration generation = new BufferedGeneration();

    @Test
    void givesThePiecesBeforeTheFailure() throws Exception {
        generation.piece(WORD);
        generation.fail(new VlmException("it failed"));

        assertThat(generation.next()).contains(WORD);
        for (int i = 0; i < 2; i++) {
            assertThat(generation.isReady()).isTrue();
            assertThatThrownBy(generation::next).hasMessage("it failed");
        }
    }

    @Test
    void wakesTheReaderThatWaitsForTheEnd() throws Exception {
        CompletableFuture<Throwable> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return new AssertionError("it is answered: " + generation.await());
            } catch (VlmException | InterruptedException e) {
                return e;
            }
        });

        generation.fail(new VlmException("it failed"));

        assertThat(waiting.get(10, TimeUnit.SECONDS)).hasMessage("it failed");
    }

    @Test
    void keepsTheFirstEnd() {
        generation.fail(new VlmException("first"));
        generation.fail(new VlmException("second"));

        assertThatThrownBy(generation::await).hasMessage("first");
    }

    @Test
    void tellsEachThatWantsToKnowOfTheEndOnceAlsoIfAnotherFails() {
        AtomicInteger told = new AtomicInteger();
        generation.onEnd(told::incrementAndGet);
        generation.onEnd(() -> {
            throw new OutOfMemoryError("at the end");
        });
        generation.onEnd(() -> told.addAndGet(10));
        generation.piece(WORD);
        assertThat(told).hasValue(0);

        generation.fail(new VlmException("first"));
        generation.fail(new VlmException("second"));

        assertThat(told).hasValue(11);
        generation.onEnd(() -> told.addAndGet(100));
        assertThat(told).hasValue(111);
    }

    @Test
    void letsNoErrorOfAListenerReachTheThreadThatAnswers() {
        AtomicInteger told = new AtomicInteger();
        generation.onProgress(() -> {
            if (told.incrementAndGet() > 1) {
                throw new OutOfMemoryError("in the listener");
            }
        });

        generation.piece(WORD);
        generation.fail(new VlmException("it failed"));

        assertThat(told).hasValue(3);
        assertThat(generation.isReady()).isTrue();
    }
}
