package io.github.camelvlm.engine;

import io.github.camelvlm.model.PromptPicture;
import io.github.camelvlm.model.Step;
import io.github.camelvlm.model.TokenChoice;
import io.github.camelvlm.model.TokenPositions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/** Lays the scheduled tokens of sequences one after another, as the program takes them. */
final class StepBuilder {
    private final ToLongFunction<PromptPicture> keys;

    private final LongStream.Builder ids = LongStream.builder();
    private final LongStream.Builder temporal = LongStream.builder();
    private final LongStream.Builder height = LongStream.builder();
    private final LongStream.Builder width = LongStream.builder();
    private final LongStream.Builder slots = LongStream.builder();
    private final LongStream.Builder cachedLengths = LongStream.builder();
    private final LongStream.Builder counts = LongStream.builder();
    private final LongStream.Builder adapters = LongStream.builder();
    private final LongStream.Builder rows = LongStream.builder();
    private final LongStream.Builder pictureKeys = LongStream.builder();
    private final LongStream.Builder pictureStarts = LongStream.builder();
    private final LongStream.Builder pictureCounts = LongStream.builder();
    private final LongStream.Builder picturePlaces = LongStream.builder();
    private final List<TokenChoice> choices = new ArrayList<>();
    private int tokens;
    private int top = -1;
    private final LongStream.Builder scored = LongStream.builder();
    private final LongStream.Builder targets = LongStream.builder();
    private int scoredTop;

    /** @param keys the program's key for a picture, which it holds the embeddings of */
    StepBuilder(ToLongFunction<PromptPicture> keys) {
        this.keys = keys;
    }

    void add(Sequence sequence) {
        int riders = sequence.riders();
        addStretch(sequence, sequence.cached(), sequence.scheduled() - riders);
        // Each by itself, though the next ones see it, so that all is computed as it is where none rides along.
        for (int i = riders; i > 0; i--) {
            addStretch(sequence, sequence.cached() + sequence.scheduled() - i, 1);
        }
        for (int i = sequence.cached(); i < sequence.cached() + sequence.scheduled(); i++) {
            addToken(sequence, i);
        }
        for (Sequence.Follower follower : sequence.scored()) {
            scored.add(tokens - sequence.scheduled() + follower.index() - sequence.cached());
            targets.add(follower.id());
            scoredTop = Math.max(scoredTop, sequence.scoredTop());
        }
        sequence.prompt().pictures().forEach(picture -> addPicture(sequence, picture));
        if (sequence.choosesToken()) {
            LongStream.range(tokens - 1 - riders, tokens).forEach(rows::add);
            choices.addAll(sequence.choices());
            top = Math.max(top, sequence.topLogprobs());
        }
    }

    private void addStretch(Sequence sequence, int before, int count) {
        slots.add(sequence.slot().start());
        cachedLengths.add(before);
        counts.add(count);
        adapters.add(sequence.adapter());
    }

    private void addToken(Sequence sequence, int index) {
        TokenPositions positions = sequence.prompt().positions();
        boolean prompted = index < sequence.prompt().ids().length;
        long generated = index + positions.ropeDelta();
        ids.add(sequence.id(index));
        temporal.add(prompted ? positions.positions()[0][index] : generated);
        height.add(prompted ? positions.positions()[1][index] : generated);
        width.add(prompted ? positions.positions()[2][index] : generated);
        tokens++;
    }

    /** The rows of a picture's embeddings that the scheduled tokens stand for; perhaps some of them, perhaps none. */
    private void addPicture(Sequence sequence, PromptPicture picture) {
        int first = Math.max(sequence.cached(), picture.firstToken());
        int end = Math.min(sequence.cached() + sequence.scheduled(), picture.firstToken() + picture.tokens());
        if (first < end) {
            pictureKeys.add(keys.applyAsLong(picture));
            pictureStarts.add(first - picture.firstToken());
            pictureCounts.add(end - first);
            picturePlaces.add(tokens - sequence.scheduled() + first - sequence.cached());
        }
    }

    Step build() {
        return new Step(
                new Step.Tokens(
                        ids.build().toArray(),
                        LongStream.concat(temporal.build(), LongStream.concat(height.build(), width.build()))
                                .toArray(),
                        slots.build().toArray(),
                        cachedLengths.build().toArray(),
                        counts.build().toArray(),
                        adapters.build().toArray()),
                new Step.Pictures(
                        pictureKeys.build().toArray(),
                        pictureStarts.build().toArray(),
                        pictureCounts.build().toArray(),
                        picturePlaces.build().toArray()),
                new Step.Choices(rows.build().toArray(), choices, top),
                new Step.Scores(scored.build().toArray(), targets.build().toArray(), scoredTop));
    }
}
