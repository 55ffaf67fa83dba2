package io.github.camelvlm.engine;

import io.github.camelvlm.model.PromptPicture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Decides what a step computes. First come, first served: a waiting sequence starts when there is a place and the KV
 * cache has room for all that it can need. Each step decodes one token of every sequence that is past its prompt. Beside
 * that it encodes pictures and prefills prompts, those of the oldest sequence first, as much as fits into the time that
 * answers may pause. A prompt that begins as another one did, of a finished or a running sequence, takes over its keys and
 * values. It never sees a tensor.
 */
final class Scheduler {
    static final int MAX_PREFILL_TOKENS = 1024;
    /** The rows that oneDNN's products of bfloat16 compute at once: one more takes as long as these again. */
    private static final int TILE = 64;

    private final KvCache cache;
    private final PrefixCache prefixes;
    private final int maxSequences;
    private final int cheapRows;
    private final ToIntFunction<PromptPicture> halfBlocksLeft;
    private final StepBudget prefill;
    private final StepBudget encoding;
    private final Queue<Sequence> waiting = new ArrayDeque<>();
    private final List<Sequence> running = new ArrayList<>();
    /** The waiting sequence that there was no room for, as long as no other one has ended since. */
    private Sequence unfitting;

    /**
     * @param pause how long running sequences may wait for a newcomer's pictures and prompt
     * @param cheapRows the rows of all sequences together up to which tokens may ride along with others
     * @param halfBlocksLeft the half blocks that a picture has yet to pass; 0 if it is encoded
     */
    Scheduler(
            KvCache cache,
            int maxSequences,
            Duration pause,
            int cheapRows,
            ToIntFunction<PromptPicture> halfBlocksLeft) {
        this.cache = cache;
        prefixes = new PrefixCache(cache);
        this.maxSequences = maxSequences;
        this.cheapRows = cheapRows;
        this.halfBlocksLeft = halfBlocksLeft;
        prefill = new StepBudget(64, 16, MAX_PREFILL_TOKENS, pause.toNanos());
        encoding = new StepBudget(4096, 1024, Integer.MAX_VALUE, pause.toNanos());
    }

    void add(Sequence sequence) {
        waiting.add(sequence);
    }

    boolean isIdle() {
        return waiting.isEmpty() && running.isEmpty();
    }

    /** Lets waiting sequences start, and says what the next step computes. */
    Schedule schedule() {
        List<CacheCopy> copies = admit();
        List<PictureSlice> slices = new ArrayList<>();
        List<Sequence> batch = new ArrayList<>();
        int rows = (int)
                running.stream().filter(sequence -> sequence.pending() <= 1).count();
        int prefillTokens = 0;
        double share = 1;
        for (Sequence sequence : running) {
            if (sequence.pending() > 1) {
                List<PromptPicture> missing = missingPictures(sequence);
                int ready = ready(sequence, missing);
                int tokens = tokens(ready, share, rows + prefillTokens);
                sequence.schedule(tokens);
                prefillTokens += tokens;
                share -= prefill.share(tokens);
                if (tokens == ready) {
                    for (PromptPicture picture : missing) {
                        share -= encode(sequence, picture, share, slices);
                    }
                }
            } else {
                sequence.schedule(1);
            }
            if (sequence.scheduled() > 0) {
                batch.add(sequence);
            }
        }
        // Beside a prompt each row takes time of its own.
        int riders = prefillTokens > 0 ? 0 : Math.max(0, cheapRows - rows) / Math.max(1, rows);
        return new Schedule(copies, slices, batch, prefillTokens, riders);
    }

    /** The pictures of what is left of a prompt that are not encoded yet. */
    private List<PromptPicture> missingPictures(Sequence sequence) {
        return sequence.prompt().pictures().stream()
                .filter(picture -> picture.firstToken() + picture.tokens() > sequence.cached())
                .filter(picture -> halfBlocksLeft.applyAsInt(picture) > 0)
                .toList();
    }

    /**
     * The tokens that can be prefilled before the first of the missing pictures is there. Of the words before the prompt's
     * first picture the last few go with it, rather than read all weights for themselves; words after a picture do not wait
     * for the next one, since the picture could be forgotten meanwhile.
     */
    private static int ready(Sequence sequence, List<PromptPicture> missing) {
        if (missing.isEmpty()) {
            return sequence.pending();
        }
        PromptPicture next = missing.get(0);
        int before = Math.max(0, next.firstToken() - sequence.cached());
        boolean first = next == sequence.prompt().pictures().get(0);
        return first ? before - before % TILE : before;
    }

    /** How many tokens of a prompt fit into a share of a step, beside its other rows. */
    private int tokens(int ready, double share, int rows) {
        int fitting = (int) Math.min(ready, prefill.of(share));
        int beyondTiles = (rows + fitting) % TILE;
        if (fitting == ready || rows + fitting < TILE) {
            return fitting;
        }
        // A step that does nothing else for newcomers does half of what fits at least, however many rows it has
        // already.
        return 2 * beyondTiles <= fitting || share < 1 ? Math.max(0, fitting - beyondTiles) : fitting;
    }

    /** Adds a slice of a picture, and returns the share of the step that it takes. */
    private double encode(Sequence sequence, PromptPicture picture, double share, List<PictureSlice> slices) {
        boolean underWay =
                slices.stream().anyMatch(slice -> slice.picture().digest().equals(picture.digest()));
        PictureSlice half = new PictureSlice(sequence, picture, 1);
        // However large the picture, a step that does nothing else for newcomers moves it on.
        long fitting = Math.max(share == 1 ? 1 : 0, encoding.of(share) / half.work());
        int halfBlocks = (int) Math.min(halfBlocksLeft.applyAsInt(picture), fitting);
        if (underWay || halfBlocks < 1) {
            return 0;
        }
        PictureSlice slice = new PictureSlice(sequence, picture, halfBlocks);
        slices.add(slice);
        return encoding.share(slice.work());
    }

    /** Tells how long the step took that was scheduled last. */
    void took(Schedule step, long nanos) {
        double prefilled = prefill.share(step.prefillTokens());
        double encoded = encoding.share(step.encodingWork());
        prefill.took(prefilled, prefilled + encoded, nanos);
        encoding.took(encoded, prefilled + encoded, nanos);
    }

    private List<CacheCopy> admit() {
        List<CacheCopy> copies = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.peek() != unfitting && running.size() < maxSequences) {
            Sequence sequence = waiting.peek();
            if (!prefixes.canAllocate(sequence.tokensNeeded())) {
                unfitting = sequence;
                break;
            }
            Optional<Prefix> prefix = longestPrefix(sequence);
            Optional<KvCache.Slot> slot = prefixes.allocate(sequence.tokensNeeded());
            // Making room may have taken even the prefix found.
            Optional<Prefix> left = prefix.filter(found -> isHeld(found));
            int shared = left.map(found -> found.sharedWith(sequence)).orElse(0);
            left.ifPresent(found -> copies.add(new CacheCopy(found.slot().start(), sequence, shared)));
            sequence.start(slot.get(), shared, knownPictures(sequence, shared));
            running.add(sequence);
            waiting.remove();
        }
        return copies;
    }

    private int knownPictures(Sequence sequence, int shared) {
        return (int) sequence.prompt().pictures().stream()
                .filter(picture ->
                        picture.firstToken() + picture.tokens() <= shared || halfBlocksLeft.applyAsInt(picture) == 0)
                .count();
    }

    private Optional<Prefix> longestPrefix(Sequence sequence) {
        return Stream.concat(prefixes.find(sequence).stream(), running.stream().map(Prefix::of))
                .filter(prefix -> prefix.sharedWith(sequence) > 0)
                .max(Comparator.comparingInt(prefix -> prefix.sharedWith(sequence)));
    }

    private boolean isHeld(Prefix prefix) {
        return prefixes.holds(prefix)
                || running.stream().anyMatch(sequence -> sequence.slot().equals(prefix.slot()));
    }

    /** The sequences that run. */
    int running() {
        return running.size();
    }

    /** The sequences that wait. */
    int waiting() {
        return waiting.size();
    }

    /** The share of the KV cache that is taken, prefixes of finished sequences included. */
    double cacheUse() {
        return 1 - (double) cache.available() / cache.capacity();
    }

    /** All sequences, waiting or running. */
    List<Sequence> sequences() {
        List<Sequence> all = new ArrayList<>(running);
        all.addAll(waiting);
        return all;
    }

    /** Removes the sequences that have finished, whose places become free. */
    List<Sequence> removeFinished() {
        List<Sequence> finished = sequences().stream()
                .filter(sequence -> sequence.status() == Sequence.Status.FINISHED)
                .toList();
        finished.stream().filter(running::contains).forEach(prefixes::keep);
        if (running.removeAll(finished)) {
            unfitting = null;
        }
        waiting.removeAll(finished);
        return finished;
    }

    /** Forgets what later prompts would take over of a sequence's prompt. */
    void forget(Sequence sequence) {
        prefixes.forget(sequence);
    }
}
