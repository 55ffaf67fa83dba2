package io.github.camelvlm.engine;

import io.github.camelvlm.model.ModelProgram;
import io.github.camelvlm.model.PromptPicture;
import io.github.camelvlm.model.Step;
import java.util.ArrayList;
import java.util.List;

/** Computes a step: hands the scheduled tokens of sequences to the program, and makes tokens of its numbers. */
final class ModelRunner {
    private static final long MAX_EMBEDDING_BYTES = 200_000_000;

    private final ModelProgram program;
    private final EmbeddingCache embeddings;
    private final int spareSlot;

    /** @param spareSlot a place of the KV cache that no sequence has */
    ModelRunner(ModelProgram program, int spareSlot) {
        this.program = program;
        this.spareSlot = spareSlot;
        embeddings = new EmbeddingCache(program, MAX_EMBEDDING_BYTES);
    }

    /** Copies within the KV cache, in the order given. */
    void copy(List<CacheCopy> copies) {
        copies.forEach(copy -> program.copyCache(copy.from(), copy.to().slot().start(), copy.tokens()));
    }

    /** The half blocks of the vision tower that a picture has yet to pass; 0 if it is encoded. */
    int halfBlocksLeft(PromptPicture picture) {
        return embeddings.halfBlocksLeft(picture);
    }

    /** Takes a picture on its way through the vision tower. */
    void encode(PictureSlice slice) {
        embeddings.encode(slice.picture(), slice.halfBlocks());
    }

    /** Forgets pictures that are beyond what may be kept; to be called between steps. */
    void trim() {
        embeddings.trim();
    }

    /** Forgets what was computed of a sequence's pictures. */
    void forget(Sequence sequence) {
        sequence.prompt().pictures().forEach(embeddings::forget);
    }

    /**
     * Computes the least that there is to compute, for no sequence.
     *
     * @throws NotFiniteException if that is no number
     */
    void tryOut() {
        if (Double.isNaN(program.step(Step.ofOneToken(spareSlot))[0])) {
            throw new NotFiniteException();
        }
    }

    /** Gives memory back; to be called when there is nothing to do for a while. */
    void rest() {
        program.rest();
    }

    /** Computes the scheduled tokens of a batch. */
    StepResult run(List<Sequence> batch) {
        StepBuilder builder = new StepBuilder(embeddings::key);
        batch.forEach(builder::add);
        Step step = builder.build();
        double[] numbers = program.step(step);
        return new StepResult(
                tokens(numbers, batch, step.choices().top()),
                scores(
                        numbers,
                        step.choices().how().size() * width(step.choices().top()),
                        batch,
                        step.scores().top()));
    }

    private static int width(int top) {
        return top < 0 ? 1 : 2 + 2 * top;
    }

    private static List<List<ScoredToken>> scores(double[] numbers, int start, List<Sequence> batch, int top) {
        List<List<ScoredToken>> scores = new ArrayList<>();
        int at = start;
        for (Sequence sequence : batch) {
            List<ScoredToken> scored = new ArrayList<>();
            for (Sequence.Follower follower : sequence.scored()) {
                scored.add(
                        new ScoredToken(token(numbers, at, top, sequence.scoredTop(), follower.id(), numbers[at]), (int)
                                numbers[at + 1]));
                at += width(top);
            }
            scores.add(scored);
        }
        return scores;
    }

    private static List<List<SampledToken>> tokens(double[] numbers, List<Sequence> batch, int top) {
        List<List<SampledToken>> tokens = new ArrayList<>();
        int row = 0;
        for (Sequence sequence : batch) {
            List<SampledToken> chosen = new ArrayList<>();
            for (int i = 0; i < sequence.choices().size(); i++) {
                chosen.add(chosen(numbers, row++ * width(top), top, sequence.topLogprobs()));
            }
            tokens.add(chosen);
        }
        return tokens;
    }

    private static SampledToken chosen(double[] numbers, int at, int top, int asked) {
        if (Double.isNaN(numbers[at])) {
            return SampledToken.NONE;
        }
        return token(numbers, at, top, asked, (int) numbers[at], top < 0 ? Double.NaN : numbers[at + 1]);
    }

    /** A row holds as many alternatives as the most demanding sequence of the batch asked for. */
    private static SampledToken token(double[] numbers, int at, int top, int asked, int id, double logprob) {
        int wanted = Math.max(0, asked);
        int[] topIds = new int[wanted];
        double[] topLogprobs = new double[wanted];
        for (int i = 0; i < wanted; i++) {
            topIds[i] = (int) numbers[at + 2 + i];
            topLogprobs[i] = numbers[at + 2 + top + i];
        }
        return new SampledToken(id, logprob, topIds, topLogprobs);
    }
}
