package io.github.camelvlm.engine;

import io.github.camelvlm.qwen.MropePositions;
import io.github.camelvlm.qwen.PromptPicture;
import io.github.camelvlm.qwen.Step;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/** Lays the scheduled tokens of sequences one after another, as the program takes them. */
final class StepBuilder {
    private final ToLongFunction<PromptPicture> keys;

    private final LongStream.Builder ids = LongStream.builder();
    private final LongStream.Builder temporal = LongStream.builder();
    private final LongStream.Builder height = LongStream.builder();
    private final LongStream.Builder width = LongStream.builder();
    private final LongStream.Builder slots = LongStream.builder();
    private final LongStream.Builder pasts = LongStream.builder();
    private final LongStream.Builder counts = LongStream.builder();
    private final LongStream.Builder rows = LongStream.builder();
    private final LongStream.Builder pictureKeys = LongStream.builder();
    private final LongStream.Builder pictureStarts = LongStream.builder();
    private final LongStream.Builder pictureCounts = LongStream.builder();
    private final LongStream.Builder picturePlaces = LongStream.builder();
    private final DoubleStream.Builder temperatures = DoubleStream.builder();
    private final LongStream.Builder topKs = LongStream.builder();
    private final DoubleStream.Builder topPs = DoubleStream.builder();
    private final DoubleStream.Builder minPs = DoubleStream.builder();
    private final DoubleStream.Builder draws = DoubleStream.builder();
    private final LongStream.Builder repeated = LongStream.builder();
    private final LongStream.Builder repeatedCounts = LongStream.builder();
    private final DoubleStream.Builder repetitionPenalties = DoubleStream.builder();
    private final LongStream.Builder biased = LongStream.builder();
    private final LongStream.Builder biasedCounts = LongStream.builder();
    private final DoubleStream.Builder biases = DoubleStream.builder();
    private final LongStream.Builder allowed = LongStream.builder();
    private final LongStream.Builder allowedCounts = LongStream.builder();
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
        slots.add(sequence.slot().start());
        pasts.add(sequence.cached());
        counts.add(sequence.scheduled());
        for (int i = sequence.cached(); i < sequence.cached() + sequence.scheduled(); i++) {
            addToken(sequence, i);
        }
        for (int i = 0; i < sequence.scored(); i++) {
            scored.add(tokens - sequence.scheduled() + i);
            targets.add(sequence.id(sequence.cached() + i + 1));
            scoredTop = Math.max(scoredTop, sequence.promptLogprobs());
        }
        sequence.prompt().pictures().forEach(picture -> addPicture(sequence, picture));
        if (sequence.choosesToken()) {
            rows.add(tokens - 1);
            addSampler(sequence.sampler());
            top = Math.max(top, sequence.topLogprobs());
        }
    }

    private void addToken(Sequence sequence, int index) {
        MropePositions positions = sequence.prompt().positions();
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

    private void addSampler(Sampler sampler) {
        temperatures.add(sampler.temperature());
        topKs.add(sampler.topK());
        topPs.add(sampler.topP());
        minPs.add(sampler.minP());
        draws.add(sampler.draw());
        long[] repeatedIds = sampler.repeated();
        LongStream.of(repeatedIds).forEach(repeated::add);
        repeatedCounts.add(repeatedIds.length);
        repetitionPenalties.add(sampler.repetitionPenalty());
        Map<Integer, Double> added = sampler.biases();
        added.forEach((id, bias) -> {
            biased.add(id);
            biases.add(bias);
        });
        biasedCounts.add(added.size());
        LongStream.of(sampler.allowed()).forEach(allowed::add);
        allowedCounts.add(sampler.allowed().length);
    }

    Step build() {
        return new Step(
                ids.build().toArray(),
                LongStream.concat(temporal.build(), LongStream.concat(height.build(), width.build()))
                        .toArray(),
                slots.build().toArray(),
                pasts.build().toArray(),
                counts.build().toArray(),
                rows.build().toArray(),
                pictureKeys.build().toArray(),
                pictureStarts.build().toArray(),
                pictureCounts.build().toArray(),
                picturePlaces.build().toArray(),
                temperatures.build().toArray(),
                topKs.build().toArray(),
                topPs.build().toArray(),
                minPs.build().toArray(),
                draws.build().toArray(),
                repeated.build().toArray(),
                repeatedCounts.build().toArray(),
                repetitionPenalties.build().toArray(),
                biased.build().toArray(),
                biasedCounts.build().toArray(),
                biases.build().toArray(),
                allowed.build().toArray(),
                allowedCounts.build().toArray(),
                top,
                scored.build().toArray(),
                targets.build().toArray(),
                scoredTop);
    }
}
