package io.github.camelvlm.routes;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.camel.Exchange;
import org.apache.camel.Ordered;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Lets a route work at several pictures at once, and yet end with one after the other in the order in which they were
 * taken. Since a picture ends before the next one's turn comes, a crash can only fall between two pictures or into one.
 */
public final class PictureOrder {
    /** The ids of the exchanges in hand; the first has its turn. */
    private final Deque<String> inHand = new ArrayDeque<>();

    private int atOnce = 1;

    /** @param atOnce the most pictures in hand, at least 1 */
    public void setAtOnce(int atOnce) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("vlm.at-once must be at least 1, but is " + atOnce);
        }
        this.atOnce = atOnce;
    }

    /**
     * Gives a picture the next place. Waits while as many as allowed are in hand, so that no more are read from the inbox
     * than are worked at. The place is given back when the exchange is over and its file was moved or left.
     *
     * @throws InterruptedException if the application is stopped meanwhile
     */
    public synchronized void take(Exchange exchange) throws InterruptedException {
        while (inHand.size() >= atOnce) {
            wait();
        }
        String id = exchange.getExchangeId();
        inHand.add(id);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public int getOrder() {
                // After the consumer's own, which moves the file.
                return Ordered.LOWEST;
            }

            @Override
            public void onDone(Exchange done) {
                giveBack(id);
            }
        });
    }

    /**
     * Waits until all pictures that were taken earlier are over. Returns at once for a picture that has its turn already.
     *
     * @throws InterruptedException if the application is stopped meanwhile
     */
    public synchronized void awaitTurn(Exchange exchange) throws InterruptedException {
        while (!exchange.getExchangeId().equals(inHand.peek())) {
            wait();
        }
    }

    private synchronized void giveBack(String id) {
        inHand.remove(id);
        notifyAll();
    }
}
