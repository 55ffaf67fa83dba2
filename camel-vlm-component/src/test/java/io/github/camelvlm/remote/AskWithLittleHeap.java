package io.github.camelvlm.remote;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.SeenPicture;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks for four answers about a picture of 5 MB, six times at once, and prints what became of the six. */
final class AskWithLittleHeap {
    private static final int REQUESTS = 6;
    private static final int ANSWERS = 4;
    private static final int PICTURE_BYTES = 5_000_000;

    private AskWithLittleHeap() {}

    /** @param arguments the base URL of a server */
    public static void main(String[] arguments) throws InterruptedException {
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        List<Thread> callers = new ArrayList<>();
        try (RemoteEngine engine = new RemoteEngine(
                new RemoteOptions(List.of(URI.create(arguments[0])), null, "m", Duration.ofSeconds(5), 8, 64),
                picture -> new SeenPicture(picture.name(), 1, 1))) {
            for (int i = 0; i < REQUESTS; i++) {
                Thread caller = new Thread(() -> {
                    try {
                        for (Generation generation : engine.generate(request(), ANSWERS)) {
                            generation.await();
                        }
                        answered.incrementAndGet();
                    } catch (QueueFullException e) {
                        refused.incrementAndGet();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                caller.setDaemon(true);
                caller.start();
                callers.add(caller);
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            for (Thread caller : callers) {
                caller.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            }
            long waiting = callers.stream().filter(Thread::isAlive).count();
            System.out.println("answered " + answered + ", refused " + refused + ", waiting " + waiting + ", failed "
                    + (REQUESTS - answered.get() - refused.get() - waiting));
        }
    }

    private static ChatRequest request() {
        return new ChatRequest(
                List.of(new Message(Role.USER, List.of(new ImagePart(new EncodedImage("p", new byte[PICTURE_BYTES]))))),
                SamplingOptions.NONE,
                null);
    }
}
