package io.github.camelvlm.hub;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** How far a download is. */
final class DownloadProgress {
    private final long total;
    private final AtomicLong arrived = new AtomicLong();
    private final long begin = System.nanoTime();
    private final long alreadyThere;

    /**
     * @param total bytes of all files
     * @param alreadyThere those of them that need not be fetched, which say nothing about the speed
     */
    DownloadProgress(long total, long alreadyThere) {
        this.total = total;
        this.alreadyThere = alreadyThere;
    }

    /** @param bytes negative if some have to be fetched again */
    void arrived(long bytes) {
        arrived.addAndGet(bytes);
    }

    /** Between 0 and 1. */
    double fraction() {
        return total == 0 ? 1 : Math.min(1, arrived.get() / (double) total);
    }

    /** Such as {@code 37%, 1.6 GB of 4.4 GB, 41.0 MB/s, 1:08 left}. */
    String text() {
        return text(Duration.ofNanos(System.nanoTime() - begin));
    }

    String text(Duration time) {
        long now = arrived.get();
        String text = (int) (100 * fraction()) + "%, " + ByteCount.text(now) + " of " + ByteCount.text(total);
        double speed = Math.max(0, now - alreadyThere) / Math.max(0.001, time.toNanos() / 1e9);
        if (speed < 1) {
            return text;
        }
        long left = Math.round((total - now) / speed);
        return text + ", " + ByteCount.text(Math.round(speed)) + "/s, " + clock(left) + " left";
    }

    private static String clock(long seconds) {
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
