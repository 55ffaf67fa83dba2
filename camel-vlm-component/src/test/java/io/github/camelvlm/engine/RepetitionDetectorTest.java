package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.RepetitionBounds;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When an answer is said to repeat itself. */
class RepetitionDetectorTest {
    /** As of a prompt, which is no part of the answer. */
    private static final int PROMPT = 10;

    private static final int NEVER = -1;
    /** From here on tokens have a text without a letter. */
    private static final int WORDLESS = 1_000_000;

    /** How many tokens of an answer there were when it was found, and {@link #NEVER} if it was not. */
    private static int found(RepetitionBounds bounds, int... answer) {
        return found(detector(bounds, null), answer);
    }

    private static RepetitionDetector detector(RepetitionBounds bounds, Integer minTokens) {
        return new RepetitionDetector(
                bounds, minTokens, id -> (id < WORDLESS ? " a" : " .").getBytes(StandardCharsets.UTF_8));
    }

    private static int found(RepetitionDetector detector, int... answer) {
        int[] ids = new int[PROMPT + answer.length];
        Arrays.fill(ids, 0, PROMPT, answer.length == 0 ? 0 : answer[0]);
        for (int length = 1; length <= answer.length; length++) {
            ids[PROMPT + length - 1] = answer[length - 1];
            if (detector.isFound(ids, PROMPT, PROMPT + length)) {
                return length;
            }
        }
        return NEVER;
    }

    private static int[] tokens(int length, IntUnaryOperator token) {
        return IntStream.range(0, length).map(token).toArray();
    }

    /** Of which no token is there twice. */
    private static int[] ordinary(int length) {
        return tokens(length, i -> 100_000 + i);
    }

    private static int[] concat(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    @ParameterizedTest
    @CsvSource({"1, 64", "2, 64", "7, 64", "21, 64", "22, 66", "100, 300", "1000, 3000", "1024, 3072"})
    void findsAPassageAsSoonAsItIsThereThreeTimesAndHas64TokensInAll(int size, int expected) {
        int[] answer = concat(ordinary(50), tokens(4 * 1024, i -> i % size));

        assertThat(found(RepetitionBounds.OF_TEXT, answer)).isEqualTo(50 + expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 21, 22, 100, 1000, 1024})
    void leavesAloneWhatLacksOneToken(int size) {
        int whole = Math.max(64, 3 * size);
        int[] nearly = tokens(whole - 1, i -> i % size);

        assertThat(found(RepetitionBounds.OF_TEXT, concat(ordinary(3), nearly, ordinary(5), nearly, ordinary(7))))
                .isEqualTo(NEVER);
    }

    @Test
    void leavesAloneAPassageThatIsLongerThanWhatIsLookedFor() {
        assertThat(found(RepetitionBounds.OF_TEXT, tokens(8000, i -> i % 1025))).isEqualTo(NEVER);
    }

    @Test
    void leavesAloneRowsOfATableThatDifferInOneToken() {
        int[] rows = tokens(3000, i -> i % 12 == 3 ? 1000 + i / 12 : i % 12);

        assertThat(found(RepetitionBounds.OF_TEXT, rows)).isEqualTo(NEVER);
    }

    @Test
    void leavesAloneAPassageThatIsThereThreeTimesWithOtherWordsBetween() {
        int[] passage = tokens(40, i -> i);

        assertThat(found(
                        RepetitionBounds.OF_TEXT,
                        concat(passage, ordinary(1), passage, ordinary(2), passage, ordinary(3), passage)))
                .isEqualTo(NEVER);
    }

    @Test
    void takesNothingOfThePromptForAPartOfTheAnswer() {
        // The prompt is the first token of the answer, again and again.
        assertThat(found(RepetitionBounds.OF_TEXT, new int[63])).isEqualTo(NEVER);
        assertThat(found(RepetitionBounds.OF_TEXT, new int[64])).isEqualTo(64);
    }

    @Test
    void findsItThoughItHasLookedBeforeAndFoundLess() {
        int[] nearly = concat(tokens(60, i -> i % 2), ordinary(1));

        assertThat(found(RepetitionBounds.OF_TEXT, concat(nearly, nearly, tokens(100, i -> i % 30))))
                .isEqualTo(2 * 61 + 90);
    }

    @ParameterizedTest
    @CsvSource({"20, 0, 3, 3", "20, 5, 3, 15", "20, 20, 2, 40", "1, 1, 10, 10"})
    void findsOneTokenAgainAndAgainByTheBoundsOfARequest(int most, int least, int count, int expected) {
        assertThat(found(new RepetitionBounds(most, least, count, 0), new int[100]))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, 256", "2, 256", "85, 256", "86, 258", "1024, 3072"})
    void letsDotsAndEmptyCellsBeThereFourTimesAsOften(int size, int expected) {
        int[] leader = tokens(4 * 1024, i -> WORDLESS + i % size);

        assertThat(found(RepetitionBounds.OF_TEXT, concat(ordinary(5), leader))).isEqualTo(5 + expected);
    }

    @Test
    void takesAPassageWithOneWordForOneWithWords() {
        int[] cells = tokens(200, i -> i % 20 == 0 ? 5 : WORDLESS);

        assertThat(found(RepetitionBounds.OF_TEXT, cells)).isEqualTo(64);
    }

    @Test
    void takesDotsAsTheyAreByTheBoundsOfARequest() {
        assertThat(found(new RepetitionBounds(8, 0, 10, 0), tokens(100, i -> WORDLESS)))
                .isEqualTo(10);
    }

    @Test
    void letsAnAnswerHaveItsFewestTokens() {
        assertThat(found(detector(RepetitionBounds.OF_TEXT, 90), new int[200])).isEqualTo(90);
    }

    @Test
    void findsNothingWhereItIsOff() {
        assertThat(found(RepetitionBounds.OFF, new int[5000])).isEqualTo(NEVER);
        assertThat(found(detector(null, null), new int[5000])).isEqualTo(NEVER);
    }

    /** Tries everything, after each token. */
    private static int foundByTryingAll(RepetitionBounds bounds, int[] answer) {
        for (int length = 1; length <= answer.length; length++) {
            for (int size = bounds.minPatternSize(); size <= bounds.maxPatternSize(); size++) {
                int start = Math.max(0, length - size);
                boolean hasWords = Arrays.stream(answer, start, length).anyMatch(id -> id < WORDLESS);
                int tokens = hasWords ? bounds.tokens(size) : bounds.tokensWithoutWords(size);
                int equal = 0;
                while (equal < tokens - size
                        && length - 1 - equal - size >= 0
                        && answer[length - 1 - equal] == answer[length - 1 - equal - size]) {
                    equal++;
                }
                if (equal == tokens - size) {
                    return length;
                }
            }
        }
        return NEVER;
    }

    @Test
    void findsWhatTryingEverythingFinds() {
        SplittableRandom random = new SplittableRandom(17);
        int hits = 0;
        for (int i = 0; i < 6000; i++) {
            int wordless = random.nextInt(3);
            int most = random.nextInt(1, 40);
            RepetitionBounds bounds = new RepetitionBounds(
                    most, random.nextInt(0, most + 1), random.nextInt(2, 6), random.nextInt(0, 60));
            int words = random.nextInt(1, 5);
            int size = random.nextInt(1, 30);
            int[] answer = new int[300];
            for (int j = 0; j < answer.length; j++) {
                boolean isRepeated = j >= size && random.nextInt(40) > 0;
                int token = random.nextInt(words);
                answer[j] = isRepeated ? answer[j - size] : token < wordless ? WORDLESS + token : token;
            }
            int expected = foundByTryingAll(bounds, answer);
            hits += expected == NEVER ? 0 : 1;

            assertThat(found(bounds, answer))
                    .as("%s of %s", bounds, Arrays.toString(answer))
                    .isEqualTo(expected);
        }
        assertThat(hits).isBetween(1000, 5800);
    }
}
