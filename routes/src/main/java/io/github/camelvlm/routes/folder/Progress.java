package io.github.camelvlm.routes.folder;

import io.github.camelvlm.hub.Terminal;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how far the pictures of a folder are: on a terminal in a line that is written over, elsewhere in a line of the log
 * every few seconds, and at the end of a batch. A batch ends when nothing was in hand for a second.
 */
public final class Progress implements CamelContextAware {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");
    private static final long TICK_MILLIS = 250;
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final boolean isOnTerminal = Terminal.isThere();
    private CamelContext camel;
    private ScheduledExecutorService ticker;

    private boolean isUnderWay;
    private int done;
    private int failed;
    private int inHand;

    /** How many the consumer has found and not yet handed out. */
    private int waiting;

    private long begun;
    private long lastLine;
    private long lastEvent;

    /** Counts a picture in, and counts it out when its exchange is over. */
    public synchronized void count(Exchange exchange) {
        note();
        inHand++;
        waiting = exchange.getProperty(Exchange.BATCH_SIZE, 0, int.class)
                - exchange.getProperty(Exchange.BATCH_INDEX, 0, int.class)
                - 1;
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onComplete(Exchange over) {
                boolean isGone = over.getProperty(PictureEnd.GONE) != null;
                boolean hasFailed = over.getProperty(PictureEnd.FAILURE) != null;
                countOut(isGone || hasFailed ? 0 : 1, isGone || !hasFailed ? 0 : 1);
            }

            @Override
            public void onFailure(Exchange over) {
                // It stays in the inbox.
                countOut(0, 0);
            }
        });
    }

    /** Counts a file that has failed before it became a picture in hand. */
    synchronized void countFailed() {
        note();
        failed++;
    }

    /** The pictures that are being described. */
    synchronized int inHand() {
        return inHand;
    }

    /** The pictures that lay in the inbox at the last look and wait for a place. */
    synchronized int waiting() {
        return isUnderWay ? waiting : 0;
    }

    /** Begins a batch if none is under way. */
    private void note() {
        if (ticker == null) {
            ticker = camel.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "folder-progress");
            ticker.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
        long now = System.nanoTime();
        if (!isUnderWay) {
            isUnderWay = true;
            done = 0;
            failed = 0;
            begun = now;
            lastLine = now;
        }
        lastEvent = now;
    }

    private synchronized void countOut(int described, int refused) {
        done += described;
        failed += refused;
        inHand--;
        lastEvent = System.nanoTime();
    }

    private synchronized void tick() {
        if (!isUnderWay) {
            return;
        }
        long now = System.nanoTime();
        if (inHand == 0 && now - lastEvent >= PAUSE_NANOS) {
            isUnderWay = false;
            if (isOnTerminal) {
                write("");
            }
            if (done + failed > 1) {
                LOG.info(line(lastEvent).over());
            }
        } else if (isOnTerminal) {
            write(line(now).underWay());
        } else if (now - lastLine >= LINE_NANOS) {
            lastLine = now;
            LOG.info(line(now).underWay());
        }
    }

    private ProgressLine line(long now) {
        return new ProgressLine(done, failed, inHand + waiting, Duration.ofNanos(now - begun));
    }

    /** A line of the log clears it first; see the layout in log4j2.properties. */
    private static void write(String line) {
        System.out.print(Terminal.CLEAR_LINE + line);
        System.out.flush();
    }

    @Override
    public CamelContext getCamelContext() {
        return camel;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        camel = camelContext;
    }
}
