package io.github.camelvlm.hub;

import java.io.Console;
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
        return isTerminal() ? new Bar(System.err) : new Lines();
    }

    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since Java 22 there may be a console that is no terminal.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** A line that is drawn over again. */
    static final class Bar extends ProgressDisplay {
        private static final int WIDTH = 24;
        private static final String ERASE_TO_END_OF_LINE = "\u001b[K";

        private final PrintStream out;
        private boolean isDrawn;

        Bar(PrintStream out) {
            super(Duration.ofMillis(200));
            this.out = out;
        }

        @Override
        void show(ModelId id, DownloadProgress progress) {
            int full = (int) (WIDTH * progress.fraction());
            out.print("\r" + id + " [" + "#".repeat(full) + "-".repeat(WIDTH - full) + "] " + progress.text()
                    + ERASE_TO_END_OF_LINE);
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
