package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.RepetitionBounds;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What no answer is ended for, as tokens of a published model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrdinaryTextsTest {
    private static final int SEQUENCES = 16;

    private Tokenizer tokenizer;
    private final Map<String, int[]> texts = new LinkedHashMap<>();

    @BeforeAll
    void readThem() throws IOException {
        tokenizer = Tokenizer.load(GoldenCase.QWEN2_TOKENIZER);
        OrdinaryTexts.byKind()
                .forEach((kind, ofKind) -> ofKind.forEach(
                        text -> texts.put(kind + " " + texts.size() + ":\n" + text, tokenizer.encodeText(text))));
    }

    @AfterAll
    void close() {
        tokenizer.close();
    }

    private RepetitionDetector detector() {
        return new RepetitionDetector(RepetitionBounds.OF_TEXT, null, tokenizer::bytesOf);
    }

    private boolean isFound(int[] tokens) {
        RepetitionDetector detector = detector();
        for (int length = 1; length <= tokens.length; length++) {
            if (detector.isFound(tokens, 0, length)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void areMoreThan500AndAlmostAllLongEnoughToBeEnded() {
        assertThat(texts).hasSizeGreaterThanOrEqualTo(500);
        assertThat(texts.values().stream().filter(tokens -> tokens.length > 200).count())
                .isGreaterThanOrEqualTo(450);
    }

    @Test
    void areLeftAlone() {
        assertThat(texts)
                .allSatisfy(
                        (text, tokens) -> assertThat(isFound(tokens)).as(text).isFalse());
    }

    @Test
    void areEndedWhereTheirLast22TokensComeTwiceAgain() {
        assertThat(texts).allSatisfy((text, tokens) -> {
            int[] again = Arrays.copyOf(tokens, tokens.length + 44);
            System.arraycopy(tokens, tokens.length - 22, again, tokens.length, 22);
            System.arraycopy(tokens, tokens.length - 22, again, tokens.length + 22, 22);

            assertThat(isFound(again)).as(text).isTrue();
        });
    }

    /** A step takes milliseconds. */
    @Test
    void areReadIn20MicrosecondsAStepOf16Sequences() {
        List<int[]> longest = new ArrayList<>(texts.values());
        longest.sort((one, other) -> other.length - one.length);
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            best = Math.min(best, microsecondsOfAStep(longest.subList(0, SEQUENCES)));
        }
        assertThat(best).isLessThan(20);
    }

    private double microsecondsOfAStep(List<int[]> sequences) {
        List<RepetitionDetector> detectors =
                sequences.stream().map(tokens -> detector()).toList();
        int steps = sequences.get(sequences.size() - 1).length;
        long start = System.nanoTime();
        for (int length = 1; length <= steps; length++) {
            for (int i = 0; i < sequences.size(); i++) {
                if (detectors.get(i).isFound(sequences.get(i), 0, length)) {
                    throw new AssertionError("An ordinary text is ended");
                }
            }
        }
        return (System.nanoTime() - start) / 1e3 / steps;
    }
}
