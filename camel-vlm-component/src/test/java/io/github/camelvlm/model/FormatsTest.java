package io.github.camelvlm.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchProgram;
import io.github.camelvlm.torch.TorchRuntime;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the program makes of each format's tensors, packed here number by number. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormatsTest {
    private static final String PROGRAM = """

            class Engine(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              weights : Dict[str, Tensor]

              def put(self, name: str, numbers: List[int], rows: int, dtype: int) -> NoneType:
                self.weights["m." + name] = torch.tensor(numbers).to(dtype).view([rows, -1])
                return None

              # Eighths, which every type holds.
              def put_eighths(self, name: str, numbers: List[int], rows: int, dtype: int) -> NoneType:
                self.weights["m." + name] = torch.tensor(numbers).to(6).div_(8.0).to(dtype).view([rows, -1])
                return None

              def decode(self, format: str, numbers: List[int]) -> List[float]:
                __torch__.decode(self.weights, "m", format, numbers, False, 6)
                w = self.weights.pop("m.weight")
                return annotate(List[float], w.to(7).flatten().tolist())
            """;

    private static final int OUT = 24;
    private static final int IN = 32;
    private static final int GROUP = 16;
    private static final int INT32 = 3;
    private static final int FLOAT16 = 5;
    private static final int FLOAT8 = 24;

    private TorchProgram program;
    private final Random random = new Random(1);

    @BeforeAll
    void load() {
        TorchRuntime.prepareThread(1);
        program = new TorchProgram(new Execution(Execution.CPU, Dtype.FLOAT32, LinearKernel.PLAIN).programText()
                + ProgramText.of("formats")
                + ProgramText.of("matrices")
                + PROGRAM);
    }

    @AfterAll
    void close() {
        program.close();
    }

    private int[][] numbers(int rows, int columns, int below) {
        int[][] numbers = new int[rows][columns];
        for (int[] row : numbers) {
            for (int i = 0; i < columns; i++) {
                row[i] = random.nextInt(below);
            }
        }
        return numbers;
    }

    /** From 1 to 100. */
    private int[][] scales(int rows, int columns) {
        int[][] scales = numbers(rows, columns, 100);
        for (int[] row : scales) {
            for (int i = 0; i < columns; i++) {
                row[i]++;
            }
        }
        return scales;
    }

    /** Of each row the first number into the lowest bits, or in another order. */
    private static long[] packed(int[][] rows, int bits, int... order) {
        int count = Integer.SIZE / bits;
        long[] packed = new long[rows.length * rows[0].length / count];
        for (int i = 0; i < packed.length; i++) {
            int perRow = rows[0].length / count;
            int all = 0;
            for (int j = 0; j < count; j++) {
                int column = i % perRow * count + (order.length == 0 ? j : order[j]);
                all |= rows[i / perRow][column] << bits * j;
            }
            packed[i] = all;
        }
        return packed;
    }

    private static int[][] transposed(int[][] rows) {
        int[][] columns = new int[rows[0].length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[0].length; j++) {
                columns[j][i] = rows[i][j];
            }
        }
        return columns;
    }

    private static long[] flat(int[][] rows) {
        long[] flat = new long[rows.length * rows[0].length];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = rows[i / rows[0].length][i % rows[0].length];
        }
        return flat;
    }

    private static long[] transposed(long[] flat, int rows) {
        int columns = flat.length / rows;
        long[] transposed = new long[flat.length];
        for (int i = 0; i < flat.length; i++) {
            transposed[i % columns * rows + i / columns] = flat[i];
        }
        return transposed;
    }

    /** codes [out][in], zeros and scales [out][groups], scales in eighths. */
    private static double[] expected(int[][] codes, int[][] zeros, int[][] eighths) {
        double[] weights = new double[OUT * IN];
        for (int i = 0; i < weights.length; i++) {
            int row = i / IN;
            int column = i % IN;
            weights[i] = (codes[row][column] - zeros[row][column / GROUP]) * eighths[row][column / GROUP] / 8.0;
        }
        return weights;
    }

    @ParameterizedTest
    @CsvSource({
        "awq, 4, 0",
        "gptq, 4, 1",
        "gptq, 4, 0",
        "gptq, 8, 1",
        "gptq, 8, 0",
        "pack-quantized, 4, 0",
        "pack-quantized, 8, 0"
    })
    void unpacksIntegersWithZeros(String format, int bits, int less) {
        int[][] codes = numbers(OUT, IN, 1 << bits);
        int[][] zeros = numbers(OUT, IN / GROUP, 1 << bits);
        int[][] scales = scales(OUT, IN / GROUP);
        switch (format) {
            case "awq" -> {
                int[] order = {0, 2, 4, 6, 1, 3, 5, 7};
                program.run("put", "qweight", packed(transposed(codes), 4, order), IN, INT32);
                program.run("put", "qzeros", packed(transposed(zeros), 4, order), IN / GROUP, INT32);
                program.run("put_eighths", "scales", flat(transposed(scales)), IN / GROUP, FLOAT16);
            }
            case "gptq" -> {
                int[][] stored = transposed(zeros);
                for (int[] row : stored) {
                    for (int i = 0; i < row.length; i++) {
                        row[i] = row[i] - less & (1 << bits) - 1;
                    }
                }
                int perInt = Integer.SIZE / bits;
                program.run("put", "qweight", transposed(packed(codes, bits), OUT), IN / perInt, INT32);
                program.run("put", "qzeros", packed(stored, bits), IN / GROUP, INT32);
                program.run("put_eighths", "scales", flat(transposed(scales)), IN / GROUP, FLOAT16);
            }
            default -> {
                program.run("put", "weight_packed", packed(codes, bits), OUT, INT32);
                long[] alongRows = packed(transposed(zeros), bits);
                program.run(
                        "put",
                        "weight_zero_point",
                        transposed(alongRows, IN / GROUP),
                        OUT * bits / Integer.SIZE,
                        INT32);
                program.run("put_eighths", "weight_scale", flat(scales), OUT, FLOAT16);
            }
        }

        double[] weights = program.doubles("decode", format, new long[] {bits, less});

        assertThat(weights).containsExactly(expected(codes, zeros, scales));
    }

    @ParameterizedTest
    @CsvSource({"16, 16", "10, 20", "1, 32", "24, 32"})
    void multipliesFloatsOf8BitsByTheScaleOfTheirBlock(int rows, int columns) {
        int[][] floats = numbers(OUT, IN, 16);
        int down = (OUT + rows - 1) / rows;
        int across = (IN + columns - 1) / columns;
        int[][] scales = scales(down, across);
        program.run("put_eighths", "weight", flat(floats), OUT, FLOAT8);
        program.run("put_eighths", "weight_scale_inv", flat(scales), down, FLOAT16);

        double[] weights = program.doubles("decode", "float8", new long[] {rows, columns});

        for (int i = 0; i < weights.length; i++) {
            assertThat(weights[i]).isEqualTo(floats[i / IN][i % IN] * scales[i / IN / rows][i % IN / columns] / 64.0);
        }
    }
}
