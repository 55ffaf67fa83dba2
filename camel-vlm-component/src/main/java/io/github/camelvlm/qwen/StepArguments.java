package io.github.camelvlm.qwen;

import io.github.camelvlm.model.Step;
import io.github.camelvlm.model.TokenChoice;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;

/** A step as the program's method {@code step} takes it: lists of numbers, those of all rows one after another. */
final class StepArguments {
    private StepArguments() {}

    static Object[] of(Step step) {
        List<TokenChoice> rows = step.choices().how();
        return new Object[] {
            step.tokens().ids(),
            step.tokens().positions(),
            step.tokens().slots(),
            step.tokens().cachedLengths(),
            step.tokens().counts(),
            step.tokens().adapters(),
            step.pictures().keys(),
            step.pictures().starts(),
            step.pictures().counts(),
            step.pictures().places(),
            step.choices().rows(),
            doubles(rows, TokenChoice::temperature),
            longs(rows, TokenChoice::topK),
            doubles(rows, TokenChoice::topP),
            doubles(rows, TokenChoice::minP),
            doubles(rows, TokenChoice::draw),
            rows.stream().flatMapToLong(row -> LongStream.of(row.repeated())).toArray(),
            longs(rows, row -> row.repeated().length),
            doubles(rows, TokenChoice::repetitionPenalty),
            rows.stream()
                    .flatMapToLong(row -> row.biases().keySet().stream().mapToLong(Integer::longValue))
                    .toArray(),
            longs(rows, row -> row.biases().size()),
            rows.stream()
                    .flatMapToDouble(row -> row.biases().values().stream().mapToDouble(Double::doubleValue))
                    .toArray(),
            rows.stream().flatMapToLong(row -> LongStream.of(row.allowed())).toArray(),
            longs(rows, row -> row.allowed().length),
            rows.stream().flatMapToLong(row -> LongStream.of(row.mask())).toArray(),
            longs(rows, row -> row.mask().length),
            step.choices().top(),
            step.scores().rows(),
            step.scores().targets(),
            step.scores().top()
        };
    }

    private static double[] doubles(List<TokenChoice> rows, ToDoubleFunction<TokenChoice> field) {
        return rows.stream().mapToDouble(field).toArray();
    }

    private static long[] longs(List<TokenChoice> rows, ToIntFunction<TokenChoice> field) {
        return rows.stream().mapToLong(field::applyAsInt).toArray();
    }
}
