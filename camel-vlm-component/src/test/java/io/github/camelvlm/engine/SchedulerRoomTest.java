package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.BufferedGeneration;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.CompiledPrompt;
import io.github.camelvlm.model.TokenPositions;
import io.github.camelvlm.model.Tokenizer;
import io.github.camelvlm.model.ToolCallParser;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of the prefixes of finished sequences when others want their room. */
class SchedulerRoomTest {
    private static Tokenizer tokenizer;

    private final Scheduler scheduler = new Scheduler(new KvCache(100), 8, Duration.ofMillis(500), 16, picture -> 0);

    @BeforeAll
    static void load() {
        tokenizer = Tokenizer.load(GoldenCase.SHAPES_VL);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    private record Asked(Sequence sequence, BufferedGeneration reader) {}

    /** A prompt of one word over and over, which makes it need so much room. */
    private static Asked asked(int word, int tokens) {
        int[] ids = IntStream.generate(() -> word).limit(tokens).toArray();
        CompiledPrompt prompt = new CompiledPrompt(ids, new TokenPositions(new long[3][tokens], 0), List.of());
        BufferedGeneration reader = new BufferedGeneration();
        SamplingOptions sampling = SamplingOptions.NONE;
        ToolCallParser tools = new ToolCallParser(Tools.NONE);
        Answer answer = new Answer("m", tokenizer, Set.of(), reader, 0, prompt, sampling, tools);
        Sampler sampler = new Sampler(sampling, ids, new PermittedTokens(sampling, Set.of(), List.of(), null, 1));
        return new Asked(
                new Sequence(prompt, 1, Set.of(), sampler, new Drafter(true, Set.of()), -1, answer, reader, null),
                reader);
    }

    private Asked started(int word, int tokens) {
        Asked asked = asked(word, tokens);
        scheduler.add(asked.sequence());
        scheduler.schedule().sequences().forEach(Sequence::advance);
        return asked;
    }

    private void finish(Asked asked) {
        asked.reader().cancel();
        asked.sequence().finishIfAsked(0);
        scheduler.removeFinished();
    }

    @Test
    void keepsPrefixesThatWouldNotMakeRoomIfTheyWent() {
        finish(started(1, 30));
        Asked running = started(2, 40);
        Asked large = asked(3, 70);
        scheduler.add(large.sequence());

        scheduler.schedule();

        assertThat(scheduler.waiting()).isOne();
        assertThat(scheduler.cacheUse()).isEqualTo(0.7);

        finish(running);
        scheduler.schedule();

        assertThat(large.sequence().status()).isEqualTo(Sequence.Status.RUNNING);
    }

    @Test
    void letsOnlyAsManyPrefixesGoAsMust() {
        finish(started(1, 40));
        finish(started(2, 30));

        started(3, 40);

        assertThat(started(2, 30).sequence().reused()).isEqualTo(29);
    }

    @Test
    void startsTheNextWhenTheOneThatDidNotFitIsGone() {
        started(1, 40);
        Asked large = asked(2, 70);
        Asked small = asked(3, 10);
        scheduler.add(large.sequence());
        scheduler.add(small.sequence());
        scheduler.schedule();
        assertThat(scheduler.waiting()).isEqualTo(2);

        finish(large);
        scheduler.schedule();

        assertThat(small.sequence().status()).isEqualTo(Sequence.Status.RUNNING);
    }

    @Test
    void takesOverNothingOfASequenceThatFailed() {
        Asked failed = started(1, 30);
        failed.sequence().fail(new VlmException("It failed"));
        scheduler.removeFinished();

        assertThat(scheduler.cacheUse()).isZero();
        assertThat(started(1, 30).sequence().reused()).isZero();
    }

    @Test
    void forgetsWhatOthersHeldOfAPrompt() {
        finish(started(1, 30));
        finish(started(2, 30));

        scheduler.forget(asked(1, 20).sequence());

        assertThat(started(1, 20).sequence().reused()).isZero();
        assertThat(started(2, 20).sequence().reused()).isEqualTo(19);
    }
}
