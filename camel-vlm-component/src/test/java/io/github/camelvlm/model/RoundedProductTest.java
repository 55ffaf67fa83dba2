package io.github.camelvlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchProgram;
import io.github.camelvlm.torch.TorchRuntime;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products with weights that stay rounded, few rows by the kernel and many multiplied out, held against the weights themselves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoundedProductTest {
    private static final String PROGRAM = """

            class Engine(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool

              # Two weights of 192 and 64 rows, one below the other. -> the largest error of a product, of multiplying out, what they are
              # measured by, and whether the weights stayed rounded, in one piece
              def errors(self, rows: int, inputs: int, group: int, bits: int, ordered: bool, dtype: int) -> List[float]:
                w = annotate(Dict[str, Tensor], {})
                expected = annotate(List[Tensor], [])
                order = torch.randperm(inputs)
                for name in ["a", "b"]:
                  out = 192 if name == "a" else 64
                  codes = torch.randint(1 << bits, [out, inputs], dtype=0)
                  scales = torch.rand([out, inputs // group]).add_(0.1).div_(float(1 << bits)).to(15).to(6)
                  zeros = torch.randint(1 << bits, [out, inputs // group]).to(6)
                  if group == inputs:
                    zeros.fill_(float(1 << (bits - 1)))
                  by_order = (codes.to(6).view([out, -1, group]) - zeros.unsqueeze(2)) * scales.unsqueeze(2)
                  by_order = by_order.view([out, inputs])
                  if ordered:
                    expected.append(torch.empty_like(by_order).index_copy_(1, order, by_order))
                    __torch__.put_rounded(w, name, codes, scales, zeros, order, bits, True, dtype)
                  else:
                    expected.append(by_order)
                    __torch__.put_rounded(w, name, codes, scales, zeros, None, bits, True, dtype)
                stays = not ("a.weight" in w)
                whole = w.copy()
                m = __torch__.matrix(w, ["a", "b"], True)
                right = torch.cat(expected)
                x = torch.randn([rows, inputs]).to(dtype)
                bias = torch.randn([256]).to(dtype)
                y = torch.linear(x.to(6), right, bias.to(6))
                product = (__torch__.linear(x, m, bias) - y).abs().max()
                plain = (__torch__.plain_weight(whole, "a", 6) - expected[0]).abs().max()
                return [float(product), float(plain), float(y.abs().max()), float(len(m.pieces) == 1 and stays)]

              # One weight that stays rounded between two that were left as they were.
              def mixed_errors(self, rows: int) -> List[float]:
                w = annotate(Dict[str, Tensor], {})
                codes = torch.randint(16, [64, 128], dtype=0)
                scales = torch.rand([64, 2]).to(15).to(6)
                __torch__.put_rounded(w, "b", codes, scales, torch.full([64, 2], 8.0), None, 4, True, 15)
                b = (codes.to(6).view([64, 2, 64]) - 8.0) * scales.unsqueeze(2)
                w["a.weight"] = torch.randn([32, 128]).to(15)
                w["c.weight"] = torch.randn([48, 128]).to(15)
                right = torch.cat([w["a.weight"].to(6), b.view([64, 128]), w["c.weight"].to(6)])
                m = __torch__.matrix(w, ["a", "b", "c"], True)
                x = torch.randn([rows, 128]).to(15)
                h = torch.randn([rows, 144]).to(15)
                bias = torch.randn([144]).to(15)
                y = h.to(6) + torch.linear(x.to(6), right, bias.to(6))
                return [float((__torch__.add_linear(h, x, m, bias) - y).abs().max()), float(y.abs().max()), float(len(w))]
            """;

    private static final String BLOCK = """

            class Engine(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool

              def block(self) -> List[float]:
                return [float(__torch__.kernel_block())]
            """;

    private final Map<LinearKernel, TorchProgram> programs = new EnumMap<>(LinearKernel.class);

    @BeforeAll
    void load() {
        TorchRuntime.prepareThread(1);
        forms().forEach(kernel -> programs.put(kernel, program(kernel)));
    }

    /** Of libtorch's kernels and, where there are some, this project's own. */
    static Stream<LinearKernel> forms() {
        return Stream.of(LinearKernel.PLAIN, LinearKernel.NATIVE).filter(kernel -> kernel.isSupported(Dtype.BFLOAT16));
    }

    private static TorchProgram program(LinearKernel kernel) {
        return new TorchProgram(new Execution(Execution.CPU, Dtype.BFLOAT16, kernel).programText()
                + ProgramText.of("matrices")
                + PROGRAM);
    }

    @AfterAll
    void close() {
        programs.values().forEach(TorchProgram::close);
    }

    @ParameterizedTest(name = "{0} rows, {1} inputs in groups of {2}, {3} bits, reordered: {4}")
    @CsvSource({
        "1, 256, 128, 4, false",
        "3, 256, 32, 4, true",
        "48, 256, 256, 8, false",
        "49, 192, 64, 8, true",
        "96, 384, 128, 4, false",
        "97, 384, 384, 4, false",
        "97, 320, 64, 4, true",
        "200, 256, 32, 8, false",
        "1, 96, 96, 8, false",
        "16, 96, 96, 8, false",
        "17, 96, 96, 8, false",
    })
    void multipliesByWhatTheIntegersStandFor(int rows, int inputs, int group, int bits, boolean reordered) {
        programs.forEach((kernel, program) -> {
            assumeThat(kernel.isNative() || blocks() > 0)
                    .as("libtorch's kernel has vector instructions here")
                    .isTrue();
            for (Dtype dtype : new Dtype[] {Dtype.FLOAT32, Dtype.BFLOAT16}) {
                double[] errors = program.doubles("errors", rows, inputs, group, bits, reordered, dtype.code());

                assertThat(errors[3]).isOne();
                // A bfloat16 rounds to one part in 256: the weights, their product with a row, and its sum with the
                // bias.
                assertThat(errors[0]).isLessThan(errors[2] * (dtype == Dtype.FLOAT32 ? 1e-5 : 1.0 / 64));
                assertThat(errors[1]).isLessThan(1e-5);
            }
        });
    }

    private static double blocks() {
        String text = new Execution(Execution.CPU, Dtype.BFLOAT16, LinearKernel.PLAIN).programText() + BLOCK;
        try (TorchProgram program = new TorchProgram(text)) {
            return program.doubles("block")[0];
        }
    }

    @ParameterizedTest(name = "{0} inputs in groups of {1}")
    @CsvSource({"80, 16", "80, 80"})
    void multipliesOutAtOnceWhatTheKernelHasNoFormFor(int inputs, int group) {
        programs.forEach((kernel, program) -> {
            double[] errors = program.doubles("errors", 3, inputs, group, 4, false, Dtype.FLOAT32.code());

            assertThat(errors[3]).isZero();
            assertThat(errors[0]).isLessThan(errors[2] * 1e-5);
            assertThat(errors[1]).isLessThan(1e-5);
        });
    }

    @ParameterizedTest(name = "{0} rows")
    @ValueSource(ints = {1, 100})
    void multipliesByWeightsOfWhichOnlySomeAreRounded(int rows) {
        programs.forEach((kernel, program) -> {
            double[] errors = program.doubles("mixed_errors", rows);

            assertThat(errors[0]).isLessThan(errors[1] / 64);
            assertThat(errors[2]).isZero();
        });
    }
}
