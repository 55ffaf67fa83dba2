package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.support.UnitOfWorkHelper;
import org.junit.jupiter.api.Test;

class PictureOrderTest {
    private final CamelContext context = new DefaultCamelContext();
    private final PictureOrder order = new PictureOrder();

    @Test
    void letsTheNextComeOnlyWhenTheFileOfTheLastWasMoved() throws Exception {
        order.setAtOnce(2);
        Exchange first = new DefaultExchange(context);
        Exchange second = new DefaultExchange(context);
        take(first);
        take(second);
        Thread waiting = waitForTurn(second);
        AtomicBoolean isHeld = new AtomicBoolean();
        // In the place of the consumer's own, which moves the file.
        first.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange exchange) {
                isHeld.set(isStillAlive(waiting));
            }
        });

        UnitOfWorkHelper.doneSynchronizations(
                first, first.getExchangeExtension().handoverCompletions());

        assertThat(isHeld).isTrue();
        waiting.join(10_000);
        assertThat(waiting.isAlive()).isFalse();
    }

    @Test
    void takesNoMoreThanAreWorkedAt() throws Exception {
        Exchange first = new DefaultExchange(context);
        Exchange second = new DefaultExchange(context);
        take(first);
        Thread waiting = new Thread(() -> takeQuietly(second));
        waiting.start();
        assertThat(isStillAlive(waiting)).isTrue();

        UnitOfWorkHelper.doneSynchronizations(
                first, first.getExchangeExtension().handoverCompletions());

        waiting.join(10_000);
        assertThat(waiting.isAlive()).isFalse();
    }

    private void take(Exchange exchange) throws InterruptedException {
        order.take(exchange);
        order.leaveAtTheEnd(exchange);
    }

    private Thread waitForTurn(Exchange exchange) {
        Thread thread = new Thread(() -> {
            try {
                order.awaitTurn(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        return thread;
    }

    private void takeQuietly(Exchange exchange) {
        try {
            take(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a thread still waits after a time that is long enough for one that does not. */
    private static boolean isStillAlive(Thread thread) {
        try {
            thread.join(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return thread.isAlive();
    }
}
