package io.github.camelvlm.routes.folder;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Ordered;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Lets a route work at several pictures at once, and yet end with one after the other in the order in which they were
 * taken. Since a picture ends before the next one's turn comes, a crash can only fall between two pictures or into one. A
 * picture that must wait lets the others pass.
 */
public final class PictureOrder {
    /** What was not told again for so long waits no longer. */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** The ids of the exchanges in hand. */
    private final Set<String> inHand = new HashSet<>();

    /** Those that have a turn still to come, in its order; the first has its turn. */
    private final Deque<String> turns = new ArrayDeque<>();

    private int atOnce = 1;
    private FolderTurn shared;

    /** The exchange for which the turn that is shared with other processes is held; or null. */
    private String holder;

    private long described;

    /** Since when something waits and nothing ends, as {@link System#nanoTime} has it; of no meaning if nothing waits. */
    private long waitingSince;

    /** When something was last seen that waits and is not in hand. */
    private Long stuckAt;

    /** @param atOnce the most pictures in hand, at least 1 */
    public void setAtOnce(int atOnce) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("vlm.at-once must be at least 1, but is " + atOnce);
        }
        this.atOnce = atOnce;
    }

    /** @param turn taken for the picture that has its turn here, so that one ends at a time of all processes */
    public void setTurn(FolderTurn turn) {
        shared = turn;
    }

    /**
     * Gives a picture the next place. Waits while as many as allowed are in hand, so that no more are taken from the inbox
     * than are worked at. The place is given back by {@link #leave}.
     *
     * @throws InterruptedException if the application is stopped meanwhile
     */
    public synchronized void take(Exchange exchange) throws InterruptedException {
        while (inHand.size() >= atOnce) {
            wait();
        }
        beginToWait();
        inHand.add(exchange.getExchangeId());
        turns.add(exchange.getExchangeId());
    }

    /** Has the place of a picture given back when its exchange is over and its file was put back where it failed. */
    void leaveAtTheEnd(Exchange exchange) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public int getOrder() {
                // After the consumer's own, which puts a file back.
                return Ordered.LOWEST;
            }

            @Override
            public void onComplete(Exchange over) {
                noteEnd(over.getProperty(PictureEnd.FAILURE) == null && over.getProperty(PictureEnd.GONE) == null);
                onDone(over);
            }

            @Override
            public void onDone(Exchange over) {
                leave(over);
            }
        });
    }

    /** Gives the place of a picture back. */
    synchronized void leave(Exchange exchange) {
        stepAside(exchange);
        inHand.remove(exchange.getExchangeId());
        notifyAll();
    }

    /**
     * Waits until all pictures that were taken earlier are over, or wait for something themselves; and until no other
     * process ends one. Returns at once for a picture that has its turn already.
     *
     * @throws InterruptedException if the application is stopped meanwhile
     * @throws GenericFileOperationFailedException if the inbox has no locks any more
     */
    public void awaitTurn(Exchange exchange) throws InterruptedException {
        if (awaitTurnHere(exchange.getExchangeId())) {
            return;
        }
        boolean isTaken = false;
        try {
            // Not under this object's lock: another process may take its time.
            shared.take();
            isTaken = true;
        } catch (IOException e) {
            throw new GenericFileOperationFailedException("Cannot lock the inbox", e);
        } finally {
            endWaitForShared(exchange, isTaken);
        }
    }

    /** Whether nothing is left to wait for. */
    private synchronized boolean awaitTurnHere(String id) throws InterruptedException {
        if (id.equals(holder)) {
            return true;
        }
        if (!turns.contains(id)) {
            turns.add(id);
        }
        while (!id.equals(turns.peek())) {
            wait();
        }
        if (shared == null) {
            holder = id;
        }
        return shared == null;
    }

    private synchronized void endWaitForShared(Exchange exchange, boolean isTaken) {
        if (isTaken) {
            holder = exchange.getExchangeId();
        } else {
            stepAside(exchange);
        }
    }

    /** Takes the turn away from a picture that must wait; it gets another one when it asks for it. */
    synchronized void stepAside(Exchange exchange) {
        String id = exchange.getExchangeId();
        turns.remove(id);
        if (id.equals(holder)) {
            holder = null;
            giveSharedBack();
        }
        notifyAll();
    }

    private void giveSharedBack() {
        if (shared != null) {
            try {
                shared.giveBack();
            } catch (IOException e) {
                throw new GenericFileOperationFailedException("Cannot unlock the inbox", e);
            }
        }
    }

    private void beginToWait() {
        if (!isAnythingWaiting()) {
            waitingSince = System.nanoTime();
        }
    }

    private boolean isAnythingWaiting() {
        return !inHand.isEmpty() || stuckAt != null && System.nanoTime() - stuckAt < STUCK_NANOS;
    }

    /** Notes that a picture is in the inbox and cannot be taken; to be told at each look. */
    synchronized void noteStuck() {
        beginToWait();
        stuckAt = System.nanoTime();
    }

    private synchronized void noteEnd(boolean isDescribed) {
        described += isDescribed ? 1 : 0;
        waitingSince = System.nanoTime();
    }

    /** Notes that a part of what is in hand is done: a batch may take hours, and does not stand still meanwhile. */
    synchronized void noteProgress() {
        waitingSince = System.nanoTime();
    }

    /** How many pictures have been described and moved so far. */
    synchronized long described() {
        return described;
    }

    /** For how long pictures have been waiting, and none has ended. */
    synchronized Duration standstill() {
        return isAnythingWaiting() ? Duration.ofNanos(System.nanoTime() - waitingSince) : Duration.ZERO;
    }
}
