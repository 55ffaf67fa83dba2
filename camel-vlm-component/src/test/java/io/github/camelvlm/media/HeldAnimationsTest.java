package io.github.camelvlm.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.VideoFile;
import io.github.camelvlm.video.VideoDecoder;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Animations whose files are small and whose canvases are large. */
@Timeout(120)
class HeldAnimationsTest {
    private static final int SIDE = 500;
    private static final int FRAMES = 12;
    private static final long MAX_PIXELS = SIDE * SIDE;

    /** Of canvas and pictures 14 bytes a pixel, and a little for the frames. */
    private static final long ONE = (14 * MAX_PIXELS / 1024 + 2) * 1024;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    /** A screen on which a single pixel is drawn in each frame; the last one is damaged if that is wanted. */
    private static byte[] gif(boolean isDamaged) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {
            'G', 'I', 'F', '8', '9', 'a', (byte) SIDE, (byte) (SIDE >> 8), (byte) SIDE, (byte) (SIDE >> 8), 0, 0, 0
        });
        for (int i = 0; i < FRAMES; i++) {
            byte code = (byte) (isDamaged && i == FRAMES - 1 ? 0xff : 0x44);
            file.writeBytes(new byte[] {0x2c, 0, 0, 0, 0, 1, 0, 1, 0, (byte) 0x80, 0, 0, 0, 9, 9, 9, 2, 2, code, 1, 0});
        }
        file.write(0x3b);
        return file.toByteArray();
    }

    private static Animation open(DecodingBudget budget) {
        return Animation.open("large.gif", gif(false), MAX_PIXELS, budget);
    }

    private static void requireFree(DecodingBudget budget, long bytes) throws Exception {
        CompletableFuture.runAsync(() -> budget.acquire("all", bytes)).get(60, TimeUnit.SECONDS);
        budget.release(bytes);
    }

    @Test
    @SuppressWarnings("try")
    void holdTheirCanvasBetweenTwoFrames() throws Exception {
        DecodingBudget budget = new DecodingBudget(2 * ONE - 1024);
        Animation first = open(budget);
        try (Animation second = open(budget)) {
            first.show(0);
            Future<RgbImage> shown = threads.submit(() -> second.show(0));
            assertThatThrownBy(() -> shown.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            first.show(FRAMES - 1);
            assertThat(shown).isNotDone();
            first.close();

            assertThat(shown.get(60, TimeUnit.SECONDS)).hasToString(SIDE + " × " + SIDE + " pixels");
        }
        requireFree(budget, 2 * ONE - 1024);
    }

    @Test
    void areNoMoreAtOnceThanTheHeapHasRoomForAndAllEnd() throws Exception {
        DecodingBudget budget = new DecodingBudget(3 * ONE - 1024);
        AtomicInteger held = new AtomicInteger();
        List<Future<Integer>> most = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            most.add(threads.submit(() -> {
                int seen = 0;
                // Two in a request, one after the other.
                for (int file = 0; file < 2; file++) {
                    try (Animation animation = open(budget)) {
                        animation.show(0);
                        seen = Math.max(seen, held.incrementAndGet());
                        for (int frame = 1; frame < FRAMES; frame++) {
                            animation.show(frame);
                        }
                        held.decrementAndGet();
                    }
                }
                return seen;
            }));
        }

        for (Future<Integer> each : most) {
            assertThat(each.get(60, TimeUnit.SECONDS)).isBetween(1, 2);
        }
        requireFree(budget, 3 * ONE - 1024);
    }

    @Test
    void giveTheirRoomBackOnceHoweverTheyEnd() throws Exception {
        DecodingBudget budget = new DecodingBudget(ONE);
        Animation never = open(budget);
        never.close();
        try (Animation damaged = Animation.open("damaged.gif", gif(true), MAX_PIXELS, budget)) {
            damaged.show(0);
            assertThatThrownBy(() -> damaged.show(FRAMES - 1)).isInstanceOf(ImageException.class);
        }
        Animation shown = open(budget);
        shown.show(0);
        shown.close();
        shown.close();
        assertThatThrownBy(() -> shown.show(1)).isInstanceOf(IllegalStateException.class);

        requireFree(budget, ONE);
        budget.acquire("all", ONE);
        CompletableFuture<Void> more = CompletableFuture.runAsync(() -> budget.acquire("more", 1));
        assertThatThrownBy(() -> more.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        budget.release(ONE);
        more.get(60, TimeUnit.SECONDS);
    }

    @Test
    void refuseACanvasThatTheWholeHeapHasNoRoomFor() {
        DecodingBudget budget = new DecodingBudget(ONE / 2);
        try (Animation large = open(budget)) {
            assertThatThrownBy(() -> large.show(0))
                    .isInstanceOf(ImageException.class)
                    .hasMessageContainingAll("large.gif takes 3,4", "raise -Xmx");
        }
    }

    @Test
    void areLetGoOfWithTheirLastFrame() throws Exception {
        FrameSampling few = new FrameSampling(null, 4, null, null, null, null);
        try (PictureFrames frames = new VideoDecoder(MAX_PIXELS)
                .open(new VideoFile("large.gif", gif(false), few), new CompletableFuture<>())) {
            for (int i = 0; i < frames.count(); i++) {
                frames.next();
            }

            requireFree(DecodingBudget.OF_HEAP, Runtime.getRuntime().maxMemory() / 2 / 1024 * 1024);
        }
    }
}
