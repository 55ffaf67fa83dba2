package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program's choice of tokens, on logits written for the purpose. */
class SamplingTest {
    /** Log-probabilities of 0.4, 0.3, 0.2 and 0.1, in another order and shifted, which changes nothing. */
    private static final double[] TENTHS = {Math.log(0.2) + 3, Math.log(0.4) + 3, Math.log(0.1) + 3, Math.log(0.3) + 3};

    private static final String METHOD = """

              def sample(self, name: str, temperatures: List[float], top_ks: List[int], top_ps: List[float], min_ps: List[float],
                         draws: List[float], repeated: List[int], repeated_counts: List[int], repetition_penalties: List[float],
                         biased: List[int], biased_counts: List[int], biases: List[float], allowed: List[int],
                         allowed_counts: List[int], masks: List[int], mask_counts: List[int], top: int) -> List[float]:
                return __torch__.sample(self.weights[name], __torch__.Choices(
                  temperatures, top_ks, top_ps, min_ps, draws, repeated, repeated_counts, repetition_penalties, biased, biased_counts,
                  biases, allowed, allowed_counts, masks, mask_counts), top)
            """;

    @TempDir
    private Path folder;

    private TorchProgram program;

    @BeforeEach
    void compile() {
        program = new TorchProgram(QwenPrograms.PLAIN + METHOD);
    }

    @AfterEach
    void close() {
        program.close();
    }

    /** One row; every test changes what it is about. */
    private static final class Row {
        private double temperature = 1;
        private int topK;
        private double topP = 1;
        private double minP;
        private double draw;
        private long[] repeated = {};
        private double repetitionPenalty = 1;
        private long[] biased = {};
        private double[] biases = {};
        private long[] allowed = {};
        private long[] mask = {};
    }

    private double[] sample(double[] logits, Row row, int top) {
        try {
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * logits.length).order(ByteOrder.LITTLE_ENDIAN);
            Arrays.stream(logits).forEach(logit -> bytes.putFloat((float) logit));
            Path file = Files.write(folder.resolve("logits"), bytes.array());
            try (TorchProgram.Value mapped =
                    program.call("map_file", file.toString(), logits.length, Dtype.FLOAT32.code())) {
                program.run(
                        "put",
                        "logits",
                        mapped,
                        0,
                        logits.length,
                        new long[] {1, logits.length},
                        Dtype.FLOAT32.code(),
                        "cpu");
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return program.doubles(
                "sample",
                "logits",
                new double[] {row.temperature},
                new long[] {row.topK},
                new double[] {row.topP},
                new double[] {row.minP},
                new double[] {row.draw},
                row.repeated,
                new long[] {row.repeated.length},
                new double[] {row.repetitionPenalty},
                row.biased,
                new long[] {row.biased.length},
                row.biases,
                row.allowed,
                new long[] {row.allowed.length},
                row.mask,
                new long[] {row.mask.length},
                top);
    }

    /** How many of a thousand evenly spread draws choose each id. */
    private int[] thousandDraws(double[] logits, Row row) {
        int[] counts = new int[logits.length];
        for (int i = 0; i < 1000; i++) {
            row.draw = (i + 0.5) / 1000;
            counts[(int) sample(logits, row, -1)[0]]++;
        }
        return counts;
    }

    @Test
    void drawsEachTokenAsOftenAsItIsLikely() {
        assertThat(thousandDraws(TENTHS, new Row())).containsExactly(200, 400, 100, 300);
    }

    @Test
    void sharpensTheDistributionByTheTemperature() {
        Row row = new Row();
        row.temperature = 0.5;

        // Squares of the probabilities: 4, 16, 1 and 9 of 30.
        assertThat(thousandDraws(TENTHS, row)).containsExactly(133, 534, 33, 300);
    }

    @Test
    void takesTheLikeliestAtTemperatureZeroWhateverIsDrawn() {
        Row row = new Row();
        row.temperature = 0;
        row.draw = 0.999;

        assertThat(sample(TENTHS, row, -1)).containsExactly(1);
    }

    @Test
    void drawsOnlyFromTheTopK() {
        Row row = new Row();
        row.topK = 2;

        int[] counts = thousandDraws(TENTHS, row);

        assertThat(counts[1]).isBetween(571, 572);
        assertThat(counts[3]).isBetween(428, 429);
    }

    @Test
    void drawsOnlyFromTheFewestTokensThatTogetherReachTopP() {
        Row row = new Row();
        row.topP = 0.75;

        int[] counts = thousandDraws(TENTHS, row);

        // 0.4 and 0.3 do not reach 0.75, with 0.2 they do.
        assertThat(counts[2]).isZero();
        assertThat(counts[1]).isBetween(444, 445);
        assertThat(counts[0]).isBetween(222, 223);
    }

    @Test
    void drawsOnlyFromTokensThatAreMinPTimesAsLikelyAsTheLikeliest() {
        Row row = new Row();
        row.minP = 0.6;

        int[] counts = thousandDraws(TENTHS, row);

        assertThat(counts[0] + counts[2]).isZero();
        assertThat(counts[1]).isBetween(571, 572);
    }

    @Test
    void reachesTopPAlsoWhereThousandsOfTokensAreAboutAsLikely() {
        Row row = new Row();
        row.topP = 0.9;
        double[] flat = IntStream.range(0, 5000).mapToDouble(i -> -i * 1e-6).toArray();
        row.draw = 0.999;

        double id = sample(flat, row, -1)[0];

        assertThat(id).isBetween(4480.0, 4500.0);
    }

    @Test
    void neverDrawsATokenOfNoProbability() {
        double[] logits = {0, Double.NEGATIVE_INFINITY, 0, Double.NEGATIVE_INFINITY};
        Row row = new Row();
        for (double draw : new double[] {0, 0.499999, 0.5, 0.999999, Math.nextDown(1.0)}) {
            row.draw = draw;

            assertThat(sample(logits, row, -1)[0]).isEqualTo(draw < 0.5 ? 0 : 2);
        }
    }

    @Test
    void dividesPositiveAndMultipliesNegativeLogitsOfRepeatedTokens() {
        Row row = new Row();
        row.temperature = 0;
        row.repeated = new long[] {0};
        row.repetitionPenalty = 1.5;

        assertThat(sample(new double[] {3, 2.1, -1}, row, -1)[0]).isEqualTo(1);
        assertThat(sample(new double[] {3, 1.9, -1}, row, -1)[0]).isEqualTo(0);
        assertThat(sample(new double[] {-1, -1.4, -9}, row, -1)[0]).isEqualTo(1);
        assertThat(sample(new double[] {-1, -1.6, -9}, row, -1)[0]).isEqualTo(0);
    }

    @Test
    void addsBiases() {
        Row row = new Row();
        row.temperature = 0;
        row.biased = new long[] {2, 0};
        row.biases = new double[] {5, -1};

        assertThat(sample(new double[] {3, 2.5, 0}, row, -1)[0]).isEqualTo(2);
        assertThat(sample(new double[] {3, 2.5, -3}, row, -1)[0]).isEqualTo(1);
    }

    @Test
    void choosesOnlyFromTheAllowedTokensAndNoneThatIsForbidden() {
        Row row = new Row();
        row.allowed = new long[] {2, 3, 0};
        row.biased = new long[] {3};
        row.biases = new double[] {Double.NEGATIVE_INFINITY};

        int[] counts = thousandDraws(TENTHS, row);

        assertThat(counts[1] + counts[3]).isZero();
        assertThat(counts[0]).isBetween(666, 667);
        row.topK = 3;
        assertThat(thousandDraws(TENTHS, row)[0]).isBetween(666, 667);
        row.temperature = 0;
        double[] greedy = sample(TENTHS, row, 1);
        assertThat(greedy[0]).isZero();
        assertThat(Math.exp(greedy[1])).isBetween(0.19999, 0.20001);
        assertThat(greedy[2]).isEqualTo(1);
    }

    @Test
    void choosesOnlyTheTokensOfAMaskAndReportsLogProbabilitiesOfAll() {
        Row row = new Row();
        row.mask = new long[] {0b1101};
        row.biased = new long[] {3};
        row.biases = new double[] {Double.NEGATIVE_INFINITY};

        int[] counts = thousandDraws(TENTHS, row);

        assertThat(counts[1] + counts[3]).isZero();
        assertThat(counts[0]).isBetween(666, 667);
        row.temperature = 0;
        double[] greedy = sample(TENTHS, row, 1);
        assertThat(greedy[0]).isZero();
        assertThat(Math.exp(greedy[1])).isBetween(0.19999, 0.20001);
        assertThat(greedy[2]).isEqualTo(1);
    }

    @Test
    void findsEachTokensBitInAMaskOfManyWordsThatEndsWithinOne() {
        double[] logits = new double[200];
        Row row = new Row();
        row.temperature = 0;
        for (int id : new int[] {0, 31, 32, 62, 63, 64, 127, 128, 191, 192, 199}) {
            row.mask = new long[4];
            row.mask[id / 64] = 1L << id % 64;

            assertThat(sample(logits, row, -1)).containsExactly(id);
        }
    }

    @Test
    void choosesNoTokenWhereAMaskLeavesNone() {
        Row row = new Row();
        row.mask = new long[1];

        assertThat(sample(TENTHS, row, -1)[0]).isNaN();
    }

    @Test
    void reportsLogProbabilitiesBeforeTemperatureAndBiases() {
        Row row = new Row();
        row.temperature = 0;
        row.biased = new long[] {2};
        row.biases = new double[] {100};

        double[] result = sample(TENTHS, row, 2);

        assertThat(result[0]).isEqualTo(2);
        assertThat(Math.exp(result[1])).isBetween(0.09999, 0.10001);
        assertThat(new double[] {result[2], result[3]}).containsExactly(1, 3);
        assertThat(Math.exp(result[4])).isBetween(0.39999, 0.40001);
        assertThat(Math.exp(result[5])).isBetween(0.29999, 0.30001);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void choosesNoTokenWhereALogitIsNotFinite(double broken) {
        Row greedy = new Row();
        greedy.temperature = 0;
        Row nucleus = new Row();
        nucleus.topP = 0.9;
        Row best = new Row();
        best.topK = 2;

        for (Row row : List.of(new Row(), greedy, nucleus, best)) {
            for (int top : new int[] {-1, 0, 2}) {
                assertThat(sample(new double[] {0, broken, 1}, row, top)[0]).isNaN();
            }
        }
    }

    @Test
    void choosesTheLikeliestAtATemperatureThatNothingCanBeDividedBy() {
        Row row = new Row();
        row.temperature = 1e-300;

        assertThat(thousandDraws(TENTHS, row)).containsExactly(0, 1000, 0, 0);
    }

    @Test
    void choosesAmongTheOthersWhereALogitIsMinusInfinity() {
        Row row = new Row();
        row.topP = 0.9;

        assertThat(thousandDraws(new double[] {0, Double.NEGATIVE_INFINITY, 0}, row))
                .containsExactly(500, 0, 500);
    }

    @Test
    void theBestOneIsTheLikeliestWhateverIsDrawn() {
        Row row = new Row();
        row.temperature = 5;
        row.topK = 1;

        assertThat(thousandDraws(new double[] {0, 1, 3, 2}, row)).containsExactly(0, 0, 1000, 0);
    }
}
