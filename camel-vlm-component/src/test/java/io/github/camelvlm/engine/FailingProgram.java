package io.github.camelvlm.engine;

import io.github.camelvlm.model.ModelProgram;
import io.github.camelvlm.model.ProcessedImage;
import io.github.camelvlm.model.Step;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A model's program of which calls fail when a test wants it. What does not fail is done. */
final class FailingProgram implements ModelProgram {

    /** What can be made to fail. */
    enum Call {
        BEGIN,
        ENCODE,
        DROP,
        COPY,
        STEP,
        REST
    }

    private record Failing(Supplier<Throwable> failure, int times) {}

    private final ModelProgram program;
    private final Map<Call, Failing> failing = new ConcurrentHashMap<>();
    private final Map<Call, Integer> made = new ConcurrentHashMap<>();

    private final AtomicInteger tokens = new AtomicInteger();

    FailingProgram(ModelProgram program) {
        this.program = program;
    }

    /** From now on so many calls fail. */
    FailingProgram fail(Call call, int times, Supplier<Throwable> failure) {
        failing.put(call, new Failing(failure, times));
        return this;
    }

    /** From now on no call of this kind fails. */
    void mend(Call call) {
        failing.remove(call);
    }

    /** How many calls of this kind are yet to fail. */
    int left(Call call) {
        Failing left = failing.get(call);
        return left == null ? 0 : left.times();
    }

    /** How many calls of this kind were made, those that failed included. */
    int made(Call call) {
        return made.getOrDefault(call, 0);
    }

    private void enter(Call call) {
        made.merge(call, 1, Integer::sum);
        Failing now = failing.computeIfPresent(call, (key, each) -> new Failing(each.failure(), each.times() - 1));
        if (now != null && now.times() >= 0) {
            Throwable failure = now.failure().get();
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        }
    }

    @Override
    public long pictureBytesPerToken() {
        return program.pictureBytesPerToken();
    }

    @Override
    public long cacheBytesPerToken() {
        return program.cacheBytesPerToken();
    }

    @Override
    public boolean usesFlash() {
        return program.usesFlash();
    }

    @Override
    public void allocate(int tokens) {
        program.allocate(tokens);
    }

    @Override
    public int halfBlocks() {
        return program.halfBlocks();
    }

    @Override
    public void begin(long key, ProcessedImage image) {
        enter(Call.BEGIN);
        program.begin(key, image);
    }

    @Override
    public void encode(long key, long adapter, int first, int end) {
        enter(Call.ENCODE);
        program.encode(key, adapter, first, end);
    }

    @Override
    public void drop(long key) {
        enter(Call.DROP);
        program.drop(key);
    }

    @Override
    public void copyCache(int from, int to, int tokens) {
        enter(Call.COPY);
        program.copyCache(from, to, tokens);
    }

    /** The tokens that steps have computed. */
    int tokens() {
        return tokens.get();
    }

    @Override
    public double[] step(Step step) {
        enter(Call.STEP);
        tokens.addAndGet(step.tokens().ids().length);
        return program.step(step);
    }

    @Override
    public void rest() {
        enter(Call.REST);
        program.rest();
    }

    @Override
    public void close() {
        program.close();
    }
}
