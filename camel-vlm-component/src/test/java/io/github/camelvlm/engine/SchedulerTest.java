package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.model.CompiledPrompt;
import io.github.camelvlm.model.ProcessedImage;
import io.github.camelvlm.model.PromptPicture;
import io.github.camelvlm.model.TokenPositions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a step takes in of a prompt's pictures, before anything is known of how long they take. */
class SchedulerTest {
    private static final int HALF_BLOCKS = 4;
    private static final int IMAGE_TOKEN = 9;

    private final Scheduler scheduler =
            new Scheduler(new KvCache(4096), 8, Duration.ofMillis(500), 16, picture -> HALF_BLOCKS);

    /** A prompt that is nothing but pictures, squares of {@code side} patches. */
    private static Sequence asking(int side, String... digests) {
        return asking(0, side, digests);
    }

    /** A prompt of some text and then pictures. */
    private static Sequence asking(int text, int side, String... digests) {
        int tokens = side * side / 4;
        int[] ids = IntStream.range(0, text + digests.length * tokens)
                .map(i -> i < text ? 1 : IMAGE_TOKEN)
                .toArray();
        ProcessedImage image = new ProcessedImage(side, side, new byte[0]);
        List<PromptPicture> pictures = IntStream.range(0, digests.length)
                .mapToObj(i -> new PromptPicture("picture", 1, 1, image, digests[i], text + i * tokens))
                .toList();
        CompiledPrompt prompt = new CompiledPrompt(ids, new TokenPositions(new long[3][ids.length], 0), pictures);
        SamplingOptions options = SamplingOptions.NONE;
        Sampler sampler = new Sampler(options, ids, new PermittedTokens(options, Set.of(), List.of(), null, 1));
        return new Sequence(prompt, 1, Set.of(), sampler, new Drafter(true, Set.of()), -1, null, null, null);
    }

    private static String[] different(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toArray(String[]::new);
    }

    @Test
    void encodesTheSmallPicturesOfAPromptTogether() {
        scheduler.add(asking(2, different(16)));

        assertThat(scheduler.schedule().slices()).hasSize(16).allMatch(slice -> slice.halfBlocks() == HALF_BLOCKS);
    }

    @Test
    void encodesNoSecondPictureIfTheFirstFillsThePause() {
        scheduler.add(asking(32, different(2)));

        assertThat(scheduler.schedule().slices())
                .singleElement()
                .satisfies(slice -> assertThat(slice.picture().digest()).isEqualTo("0"));
    }

    @Test
    void encodesAPictureOnceThatAPromptShowsTwice() {
        scheduler.add(asking(2, "same", "same", "other"));

        assertThat(scheduler.schedule().slices())
                .extracting(slice -> slice.picture().digest())
                .containsExactly("same", "other");
    }

    @Test
    void leavesAFewWordsBeforeAPictureToGoWithIt() {
        scheduler.add(asking(14, 8, "picture"));

        Schedule step = scheduler.schedule();

        assertThat(step.prefillTokens()).isZero();
        assertThat(step.slices()).hasSize(1);
    }

    @Test
    void leavesNothingOfAPictureToGoWithTheNext() {
        Scheduler knowing = new Scheduler(
                new KvCache(4096),
                8,
                Duration.ofMillis(500),
                16,
                picture -> picture.digest().equals("known") ? 0 : HALF_BLOCKS);
        knowing.add(asking(14, 8, "known", "other"));

        Schedule step = knowing.schedule();

        assertThat(step.prefillTokens()).isEqualTo(14 + 16);
        assertThat(step.slices()).hasSize(1);
    }

    @Test
    void prefillsALongTextBeforeAPicture() {
        scheduler.add(asking(70, 8, "picture"));

        assertThat(scheduler.schedule().prefillTokens()).isEqualTo(64);
    }

    @Test
    void fillsWholeTilesOfRowsWithThePartsOfAPrompt() {
        Sequence running = asking(1, 2);
        scheduler.add(running);
        scheduler.schedule();
        scheduler.add(asking(1000, 2));

        assertThat(scheduler.schedule().prefillTokens()).isEqualTo(63);
    }

    /** What a step takes of a long prompt beside sequences that decode, after some steps that took so long. */
    private static int prefilledBeside(int decoding, Duration step) {
        Scheduler many = new Scheduler(new KvCache(8192), 256, Duration.ofMillis(500), 16, picture -> HALF_BLOCKS);
        for (int i = 0; i < decoding; i++) {
            many.add(asking(1, 2));
        }
        many.schedule();
        many.add(asking(4000, 2));
        for (int i = 0; i < 5; i++) {
            many.took(many.schedule(), step.toNanos());
        }
        return many.schedule().prefillTokens();
    }

    @ParameterizedTest(name = "{0} sequences decode")
    @ValueSource(ints = {1, 8, 40, 63, 64, 100})
    void prefillsMoreAtOnceWhereStepsAreShort(int decoding) {
        assertThat(prefilledBeside(decoding, Duration.ofMillis(20))).isBetween(900, 1024);
    }

    @ParameterizedTest(name = "{0} sequences decode")
    @ValueSource(ints = {1, 63, 64, 100})
    void movesAPromptOnHoweverLongStepsTake(int decoding) {
        assertThat(prefilledBeside(decoding, Duration.ofSeconds(9))).isBetween(8, 16);
    }

    @Test
    void encodesTheSmallPicturesOfSeveralPromptsTogether() {
        scheduler.add(asking(2, "a", "b"));
        scheduler.add(asking(2, "c", "d"));

        assertThat(scheduler.schedule().slices()).hasSize(4);
    }

    @Test
    void takesInNoPromptBesideAPictureThatFillsMoreThanThePause() {
        Sequence newcomer = asking(400, 2);
        scheduler.add(asking(120, "large"));
        scheduler.add(newcomer);

        Schedule step = scheduler.schedule();

        assertThat(step.slices()).hasSize(1);
        assertThat(newcomer.scheduled()).isZero();
        assertThat(step.prefillTokens()).isZero();
    }
}
