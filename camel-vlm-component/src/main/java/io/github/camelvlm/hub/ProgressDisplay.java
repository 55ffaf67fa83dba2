package io.github.camelvlm.hub;

import java.io.PrintStream;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where people see how far a download is: a bar on a terminal, lines of the log elsewhere. */
abstract class ProgressDisplay {
    private final Duration interval;

    private ProgressDisplay(Duration interval) {
        this.interval = interval;
    }

    /** The time between two calls of {@link #show}. */
    Duration interval() {
        return interval;
    }

    abstract void show(ModelId id, DownloadProgress progress);

    /** Shows it for the last time. */
    abstract void end(ModelId id, DownloadProgress progress);

    /** The display that fits this process. */
    static ProgressDisplay ofThisProcess() {
        return Terminal.isThere() ? new Bar(System.err) : new Lines();
    }

    /** A line that is drawn over again. */
    static final class Bar extends ProgressDisplay {
        private static final int WIDTH = 24;

        private final PrintStream out;
        private boolean isDrawn;

        Bar(PrintStream out) {
            super(Duration.ofMillis(200));
            this.out = out;
        }

        @Override
        void show(ModelId id, DownloadProgress progress) {
            int full = (int) (WIDTH * progress.fraction());
            out.print(Terminal.CLEAR_LINE + id + " [" + "#".repeat(full) + "-".repeat(WIDTH - full) + "] "
                    + progress.text());
            out.flush();
            isDrawn = true;
        }

        @Override
        void end(ModelId id, DownloadProgress progress) {
            if (isDrawn) {
                show(id, progress);
                out.println();
            }
        }
    }

    /** A line of the log every five seconds. */
    static final class Lines extends ProgressDisplay {
        private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

        Lines() {
            super(Duration.ofSeconds(5));
        }

        @Override
        void show(ModelId id, DownloadProgress progress) {
            LOG.info("Downloading {}: {}", id, progress.text());
        }

        @Override
        void end(ModelId id, DownloadProgress progress) {
            // The next line of the log tells how it ended.
        }
    }
}
