package io.github.camelvlm.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(5)
class DecodingBudgetTest {
    private static final long KB = 1024;

    @Test
    void refusesAPictureLargerThanTheWholeBudget() {
        ImageDecoder decoder = new ImageDecoder(1_000_000, new DecodingBudget(KB));
        assertThatThrownBy(() -> decoder.decode("tiny.png", Pictures.bytes("goldens/images/tiny.png")))
                .isInstanceOf(ImageException.class)
                .hasMessage("picture tiny.png takes 2 kB to decode, but the Java heap has room for 1 kB: "
                        + "raise -Xmx, or scale it down");
    }

    @Test
    void letsAPictureWaitUntilThereIsRoom() throws Exception {
        DecodingBudget budget = new DecodingBudget(100 * KB);
        budget.acquire("first", 70 * KB);
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> budget.acquire("second", 40 * KB));
        assertThat(second).isNotDone();
        budget.release(70 * KB);
        second.get(5, TimeUnit.SECONDS);
        budget.acquire("third", 60 * KB);
    }

    @Test
    void givesRoomBackThoughDecodingFails() {
        ImageDecoder decoder = new ImageDecoder(1_000_000, new DecodingBudget(2 * KB));
        byte[] damaged = Pictures.bytes("goldens/images/tiny.png");
        damaged[50] ^= 1;
        assertThatThrownBy(() -> decoder.decode("damaged", damaged)).isInstanceOf(ImageException.class);
        assertThat(decoder.decode("tiny.png", Pictures.bytes("goldens/images/tiny.png")))
                .hasToString("9 × 7 pixels");
    }

    @Test
    void endsTheWaitOfAnInterruptedThread() {
        DecodingBudget budget = new DecodingBudget(KB);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> budget.acquire("cat.png", KB))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("cat.png was not decoded: its thread was interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
