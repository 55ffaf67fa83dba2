package io.github.camelvlm.routes.folder;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What the folder has done since the application started: how many pictures, how fast, and the last of them. */
public final class FolderActivity {
    /** The most pictures that are remembered. */
    static final int MOST = 60;

    /** The most characters of a caption or a reason that are remembered. */
    static final int LONGEST = 2000;

    private static final int WINDOW = 60;

    /**
     * A picture that has ended.
     *
     * @param id its number, from 1 on
     * @param row what the summary says of it, long texts cut
     * @param place where it has moved to
     */
    record Ended(long id, SummaryRow row, Path place) {
        boolean isDescribed() {
            return row.isDescribed();
        }
    }

    private final LongSupplier nanoTime;
    private final Deque<Ended> last = new ArrayDeque<>();

    /** How many ended in each second of the last minute, and which second that was. */
    private final int[] counts = new int[WINDOW];

    private final long[] seconds = new long[WINDOW];
    private long done;
    private long failed;

    public FolderActivity() {
        this(System::nanoTime);
    }

    FolderActivity(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        Arrays.fill(seconds, Long.MIN_VALUE);
    }

    /** Notes the end of a picture. */
    synchronized void note(SummaryRow row, Path place) {
        if (row.isDescribed()) {
            done++;
        } else {
            failed++;
        }
        last.addFirst(new Ended(done + failed, row.shortened(LONGEST), place));
        if (last.size() > MOST) {
            last.removeLast();
        }
        long second = second();
        int slot = Math.floorMod(second, WINDOW);
        if (seconds[slot] != second) {
            seconds[slot] = second;
            counts[slot] = 0;
        }
        counts[slot]++;
    }

    private long second() {
        return Duration.ofNanos(nanoTime.getAsLong()).toSeconds();
    }

    synchronized long done() {
        return done;
    }

    synchronized long failed() {
        return failed;
    }

    /** How many pictures ended in the last 60 seconds. */
    synchronized int ofLastMinute() {
        long second = second();
        int sum = 0;
        for (int slot = 0; slot < WINDOW; slot++) {
            if (seconds[slot] > second - WINDOW) {
                sum += counts[slot];
            }
        }
        return sum;
    }

    /**
     * The last pictures, the newest first.
     *
     * @param id the number of one after which only newer ones count; 0 for all
     */
    synchronized List<Ended> after(long id) {
        List<Ended> newer = new ArrayList<>();
        Iterator<Ended> pictures = last.iterator();
        while (pictures.hasNext()) {
            Ended picture = pictures.next();
            if (picture.id() <= id) {
                break;
            }
            newer.add(picture);
        }
        return newer;
    }

    /** A picture that was described and is still remembered. */
    synchronized Optional<Ended> described(long id) {
        return last.stream()
                .filter(picture -> picture.id() == id && picture.isDescribed())
                .findFirst();
    }
}
