package io.github.camelvlm.routes.folder;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.camelvlm.routes.batch.BatchCount;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** How far the file of requests is that the folder answers, and which were answered before it. */
public final class BatchActivity {
    /** The most files that are remembered. */
    static final int MOST = 10;

    /**
     * A file of requests.
     *
     * @param name its path below the inbox
     * @param lines how many there are to answer
     * @param answered how many of them are answered, failed ones included
     * @param failed how many of them were answered by an error
     * @param inHand whether it is being answered
     * @param at when it was taken, or had ended, in ISO 8601
     */
    record Batch(
            String name,
            long lines,
            long answered,
            long failed,
            @JsonProperty("in_hand") boolean inHand,
            String at) {}

    private final Deque<Batch> last = new ArrayDeque<>();
    private Batch current;

    /** A file is taken up, for the first time or again. */
    synchronized void begin(String name, long lines) {
        current = new Batch(name, lines, 0, 0, true, now());
    }

    synchronized void note(BatchCount count) {
        current = new Batch(current.name(), current.lines(), count.lines(), count.failed(), true, current.at());
    }

    /** The file in hand was answered and has moved. */
    synchronized void end() {
        last.addFirst(new Batch(current.name(), current.lines(), current.answered(), current.failed(), false, now()));
        if (last.size() > MOST) {
            last.removeLast();
        }
        current = null;
    }

    /** No file is in hand any more; to be called at the end of each. */
    synchronized void leave() {
        current = null;
    }

    /** The file that is being answered, then the last ones that were, the newest first. */
    synchronized List<Batch> batches() {
        List<Batch> batches = new ArrayList<>();
        if (current != null) {
            batches.add(current);
        }
        batches.addAll(last);
        return batches;
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
