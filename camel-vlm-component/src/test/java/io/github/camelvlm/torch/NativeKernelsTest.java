package io.github.camelvlm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.model.ProgramText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels of each kind of processor that this one can be, held against float64. */
@ExtendWith(KernelSets.class)
class NativeKernelsTest {
    private static final String PROGRAM = """

            class Engine(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool

              # Numbers of a kind: random ones, some of them large, tiny ones, those below the smallest normal one, all equal.
              def numbers(self, rows: int, columns: int, kind: str) -> Tensor:
                x = torch.randn([rows, columns], dtype=6)
                if kind == "large":
                  x = x * torch.where(torch.rand([rows, columns], dtype=6) < 0.01, torch.full([1], 10000.0), torch.ones([1]))
                elif kind == "tiny":
                  x = x * 1e-18
                elif kind == "denormal":
                  x = x * 1e-39
                elif kind == "equal":
                  x = torch.full_like(x, 0.7)
                return x.to(15)

              # The largest error of y beyond what rounding it to bfloat16 makes, by the sum of what products there are without signs.
              def error(self, y: Tensor, right: Tensor, bulk: Tensor) -> float:
                return float(((y.to(7) - right).abs() - right.abs() / 256.0).clamp_min(0.0).div(bulk + 1e-37).max())

              def rows(self, rows: int, out: int, columns: int, kind: str) -> List[float]:
                x = self.numbers(rows, columns, kind)
                w = self.numbers(out, columns, kind)
                b = self.numbers(1, out, kind).flatten()
                h = self.numbers(rows, out, kind)
                y = torch.empty([rows, out], dtype=15)
                __torch__.multiply_few(y, x, w, b, torch.empty([0]))
                right = torch.mm(x.to(7), w.to(7).t()) + b.to(7)
                bulk = torch.mm(x.to(7).abs(), w.to(7).t().abs()) + b.to(7).abs()
                plain = self.error(y, right, bulk)
                # The product is rounded, and then the sum.
                __torch__.multiply_few(y, x, w, b, h)
                added = self.error(y, right + h.to(7), bulk + h.to(7).abs() + right.abs())
                return [plain, added]

              # Integers of which only the order of the sums of products could differ.
              def eights(self, rows: int, out: int, columns: int, kind: str) -> List[float]:
                x = self.numbers(rows, columns, kind)
                w = self.numbers(out, columns, kind)
                m = __torch__.eights(w)
                b = self.numbers(1, out, kind).flatten()
                y = __torch__.multiply_eights(x, m, b, torch.empty([0]))
                codes = m.codes.view([-1, m.codes.size(1) // 4, 16, 4]).transpose(1, 2).reshape(m.codes.size())
                codes = codes.narrow(0, 0, out).narrow(1, 0, columns).to(7) - 128.0
                scales = m.scales.narrow(0, 0, out).to(7)
                by = x.to(6).abs().amax([1], True) / 127.0
                by = torch.where(by < 1e-37, torch.zeros_like(by), by)
                integers = torch.nan_to_num(x.to(6) * by.reciprocal(), 0.0, 0.0, 0.0).round().to(7)
                right = torch.mm(integers, codes.t()) * scales * by.to(7) + b.to(7)
                bulk = torch.mm(integers.abs(), codes.t().abs()) * scales * by.to(7) + b.to(7).abs()
                far = float(((codes * scales.unsqueeze(1) - w.to(7)).abs() - scales.unsqueeze(1) * 0.501).max())
                return [self.error(y, right, bulk), far]

              def decoded(self, m: __torch__.Fours) -> Tensor:
                out = m.codes.size(0)
                bytes = m.codes.view([out // 16, m.codes.size(1) // 16, 4, 16, 4])
                halves = torch.stack([bytes.bitwise_and(15), bytes.bitwise_right_shift(4)], 2)
                codes = halves.permute([0, 4, 1, 2, 3, 5]).reshape([out, m.scales.size(1), -1]).to(7)
                zeros = m.zeros.transpose(1, 2).reshape([out, -1, 1]).to(7)
                scales = m.scales.transpose(1, 2).reshape([out, -1, 1]).to(7)
                return ((codes - zeros) * scales).view([out, -1])

              def fours(self, rows: int, out: int, columns: int, kind: str) -> List[float]:
                x = self.numbers(rows, columns, kind)
                w = self.numbers(out, columns, kind)
                m = __torch__.fours(w)
                h = self.numbers(rows, out, kind)
                y = __torch__.multiply_fours(x, m, torch.empty([0]), torch.empty([0]))
                near = self.decoded(m)
                groups = x.to(6).view([rows, -1, 32])
                by = groups.abs().amax([2], True) / 127.0
                by = torch.where(by < 1e-37, torch.zeros_like(by), by)
                integers = torch.nan_to_num(groups * by.reciprocal(), 0.0, 0.0, 0.0).round().to(7)
                rounded = (integers * by.to(7)).view([rows, -1])
                right = torch.mm(rounded, near.t())
                bulk = torch.mm(rounded.abs(), near.t().abs())
                lost = (near - w.to(7)).pow(2).mean().sqrt() / (w.to(7).pow(2).mean().sqrt() + 1e-37)
                return [self.error(y, right, bulk), float(lost)]

              # The error of products of many rows with weights of four bits, by what there is of them; in three of them, a bias, a sum.
              def many_fours(self, rows: int, out: int, columns: int) -> List[float]:
                x = torch.randn([rows, columns], dtype=6).to(15)
                m = __torch__.fours(torch.randn([out, columns], dtype=6).to(15))
                b = torch.randn([out], dtype=6).to(15)
                h = torch.randn([rows, out], dtype=6).to(15)
                right = torch.mm(x.to(7), self.decoded(m).t()) + b.to(7) + h.to(7)
                y = __torch__.multiply_fours(x, m, b, h)
                return [float((y.to(7) - right).pow(2).mean().sqrt() / right.pow(2).mean().sqrt())]

              # Whether the rows of a product are what each of them is by itself, in all three forms.
              def alone(self, rows: int, out: int, columns: int) -> List[float]:
                x = torch.randn([rows, columns], dtype=6).to(15)
                w = torch.randn([out, columns], dtype=6).to(15)
                none = torch.empty([0])
                e = __torch__.eights(w)
                f = __torch__.fours(w)
                y = torch.empty([rows, out], dtype=15)
                __torch__.multiply_few(y, x, w, none, none)
                eights = __torch__.multiply_eights(x, e, none, none)
                fours = __torch__.multiply_fours(x, f, none, none)
                same = [1.0, 1.0, 1.0]
                for i in range(rows):
                  row = x.narrow(0, i, 1)
                  one = torch.empty([1, out], dtype=15)
                  __torch__.multiply_few(one, row, w, none, none)
                  same[0] = same[0] * float(torch.equal(one, y.narrow(0, i, 1)))
                  same[1] = same[1] * float(torch.equal(__torch__.multiply_eights(row, e, none, none), eights.narrow(0, i, 1)))
                  same[2] = same[2] * float(torch.equal(__torch__.multiply_fours(row, f, none, none), fours.narrow(0, i, 1)))
                return same

              # The largest error of attention beyond what rounding makes, of three sequences among places that are no numbers, and whether
              # each of them is what it is by itself. strength: of the keys
              def attention(self, kv_heads: int, group: int, size: int, tokens: int, strength: float) -> List[float]:
                heads = kv_heads * group
                starts = [tokens + 3, 0, 2 * tokens + 5]
                lengths = [tokens, 1, (tokens + 1) // 2]
                k = torch.full([kv_heads, 3 * tokens + 7, size], nan, dtype=6)
                v = k.clone()
                for i in range(3):
                  k.narrow(1, starts[i], lengths[i]).normal_().mul_(strength)
                  v.narrow(1, starts[i], lengths[i]).normal_()
                k = k.to(15)
                v = v.to(15)
                # As a step has them, a part of queries, keys and values.
                q = torch.randn([3, heads + 2 * kv_heads, size], dtype=6).to(15).narrow(1, 0, heads)
                y = torch.empty([3, heads * size], dtype=15)
                at = torch.tensor(starts, dtype=3)
                long = torch.tensor(lengths, dtype=3)
                __torch__.checked(ops.vlm.attend(y, q, k, v, at, long))
                worst = 0.0
                same = 1.0
                for i in range(3):
                  keys = k.narrow(1, starts[i], lengths[i]).to(7).repeat_interleave(group, 0)
                  values = v.narrow(1, starts[i], lengths[i]).to(7).repeat_interleave(group, 0)
                  scores = torch.bmm(keys, q[i].to(7).unsqueeze(2)).squeeze(2) * float(size) ** -0.5
                  p = torch.softmax(scores, -1)
                  right = torch.bmm(p.unsqueeze(1), values).flatten()
                  bulk = torch.bmm(p.unsqueeze(1), values.abs()).flatten()
                  worst = max(worst, self.error(y[i], right, bulk))
                  one = torch.empty([1, heads * size], dtype=15)
                  __torch__.checked(ops.vlm.attend(one, q.narrow(0, i, 1), k, v, at.narrow(0, i, 1), long.narrow(0, i, 1)))
                  same = same * float(torch.equal(one[0], y[i]))
                # Of another sequence than the first, what is no number is no number.
                k[0][starts[0]].fill_(inf)
                __torch__.checked(ops.vlm.attend(y, q, k, v, at, long))
                return [worst, same, float(torch.isfinite(y[0].narrow(0, 0, size)).sum()), float(torch.isfinite(y[1]).sum())]

              # How many of the results are no numbers where one of x or w is none or infinite.
              def spoiled(self, out: int, columns: int) -> List[float]:
                none = torch.empty([0])
                x = torch.ones([2, columns], dtype=15)
                w = torch.ones([out, columns], dtype=15)
                e = __torch__.eights(w)
                f = __torch__.fours(w)
                x[1][3].fill_(inf)
                y = torch.empty([2, out], dtype=15)
                __torch__.multiply_few(y, x, w, none, none)
                counts = annotate(List[float], [])
                for z in [y, __torch__.multiply_eights(x, e, none, none), __torch__.multiply_fours(x, f, none, none)]:
                  counts.append(float(torch.isfinite(z[0]).sum()))
                  counts.append(float(torch.isfinite(z[1]).sum()))
                return counts

              def refused(self, what: str) -> NoneType:
                none = torch.empty([0])
                x = torch.ones([2, 64], dtype=15)
                w = torch.ones([32, 64], dtype=15)
                y = torch.empty([2, 32], dtype=15)
                if what == "type":
                  __torch__.multiply_few(y, x.to(6), w, none, none)
                elif what == "integers":
                  __torch__.multiply_few(y, x.to(3), w, none, none)
                elif what == "inputs":
                  __torch__.multiply_few(y, x, w.narrow(1, 0, 63), none, none)
                elif what == "outputs":
                  __torch__.multiply_few(y, x, w.narrow(0, 0, 31), none, none)
                elif what == "columns":
                  __torch__.multiply_few(y, x, torch.ones([64, 32], dtype=15).t(), none, none)
                elif what == "repeated":
                  __torch__.multiply_few(y, torch.ones([1, 64], dtype=15).expand([2, 64]), w, none, none)
                elif what == "bias":
                  __torch__.multiply_few(y, x, w, torch.ones([31], dtype=15), none)
                elif what == "added":
                  __torch__.multiply_few(y, x, w, none, torch.ones([2, 31], dtype=15))
                elif what == "dimensions":
                  __torch__.multiply_few(y, x.unsqueeze(0), w, none, none)
                elif what == "codes":
                  z = __torch__.multiply_eights(x, __torch__.Eights(torch.empty([32, 32], dtype=0), torch.ones([32], dtype=6), 32), none, none)
                elif what == "scales":
                  z = __torch__.multiply_eights(x, __torch__.Eights(torch.empty([32, 64], dtype=0), torch.ones([31], dtype=6), 32), none, none)
                elif what == "groups":
                  z = __torch__.multiply_fours(x, __torch__.Fours(torch.empty([32, 32], dtype=0), torch.ones([2, 3, 16], dtype=15), torch.ones([2, 3, 16], dtype=0)), none, none)
                elif what == "zeros":
                  z = __torch__.multiply_fours(x, __torch__.Fours(torch.empty([32, 32], dtype=0), torch.ones([2, 2, 16], dtype=15), torch.ones([2, 1, 16], dtype=0)), none, none)
                elif what == "places":
                  k = torch.ones([1, 8, 32], dtype=15)
                  __torch__.checked(ops.vlm.attend(x.narrow(0, 0, 1).clone(), torch.ones([1, 2, 32], dtype=15), k, k, torch.tensor([3], dtype=3), torch.tensor([6], dtype=3)))
                elif what == "heads":
                  k = torch.ones([3, 8, 32], dtype=15)
                  __torch__.checked(ops.vlm.attend(x.narrow(0, 0, 1).clone(), torch.ones([1, 2, 32], dtype=15), k, k, torch.tensor([0], dtype=3), torch.tensor([8], dtype=3)))
                elif what == "cache":
                  k = torch.ones([8, 1, 32], dtype=15).transpose(0, 1)
                  __torch__.checked(ops.vlm.attend(x.narrow(0, 0, 1).clone(), torch.ones([1, 2, 32], dtype=15), k.narrow(1, 0, 4), torch.ones([1, 8, 64], dtype=15).narrow(2, 0, 32), torch.tensor([0], dtype=3), torch.tensor([4], dtype=3)))
                elif what == "odd":
                  z = __torch__.multiply_fours(x, __torch__.fours(torch.ones([32, 48], dtype=15)), none, none)
                return None

              def many(self, times: int) -> NoneType:
                none = torch.empty([0])
                x = torch.ones([2, 64], dtype=15)
                w = torch.ones([32, 64], dtype=15)
                e = __torch__.eights(w)
                f = __torch__.fours(w)
                y = torch.empty([2, 32], dtype=15)
                for i in range(times):
                  __torch__.multiply_few(y, x, w, none, none)
                  a = __torch__.multiply_eights(x, e, none, none)
                  b = __torch__.multiply_fours(x, f, none, none)
                return None
            """;

    private static TorchProgram program() {
        return new TorchProgram(ProgramText.of("tensors") + ProgramText.of("native") + PROGRAM);
    }

    static Stream<Arguments> shapesInEachForm() {
        return KernelSets.all()
                .flatMap(set -> Stream.of("rows", "eights", "fours")
                        .flatMap(form -> Stream.of("random", "large", "tiny", "denormal", "equal")
                                .map(kind -> Arguments.of(set, form, kind))));
    }

    @ParameterizedTest(name = "{0}, {1}, {2} numbers")
    @MethodSource("shapesInEachForm")
    void multiplyAsFloat64DoesWithinBfloat16sRounding(String set, String form, String kind) {
        KernelSets.use(set);
        try (TorchProgram program = program()) {
            for (int rows = 1; rows <= 40; rows++) {
                double[] errors = program.doubles(form, rows, 48, 288, kind);
                assertThat(errors[0]).as("%d rows", rows).isLessThan(1e-5);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(KernelSets.ALL)
    void multiplyOddShapes(String set) {
        KernelSets.use(set);
        try (TorchProgram program = program()) {
            for (int out : new int[] {1, 15, 17, 100}) {
                for (int in : new int[] {1, 3, 31, 33, 70, 855}) {
                    for (int rows : new int[] {1, 2, 3, 7, 13}) {
                        double[] errors = program.doubles("rows", rows, out, in, "random");
                        assertThat(Math.max(errors[0], errors[1]))
                                .as("%d rows, %d × %d", rows, out, in)
                                .isLessThan(0.005);
                        assertThat(program.doubles("eights", rows, out, in, "random")[0])
                                .as("%d rows, %d × %d in 8 bits", rows, out, in)
                                .isLessThan(1e-5);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(KernelSets.ALL)
    void multiplyManyRowsByFourBitsAsGoodAsByEight(String set) {
        KernelSets.use(set);
        try (TorchProgram program = program()) {
            for (int rows : new int[] {95, 96, 97, 130}) {
                for (int out : new int[] {16, 48, 64}) {
                    assertThat(program.doubles("many_fours", rows, out, 288)[0])
                            .as("%d rows, %d outputs", rows, out)
                            .isLessThan(0.015);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(KernelSets.ALL)
    void roundWeightsToTheNearest(String set) {
        KernelSets.use(set);
        try (TorchProgram program = program()) {
            assertThat(program.doubles("eights", 1, 48, 288, "random")[1]).isLessThan(1e-6);
            // A step of a fifteenth of the range of 32 normal numbers has an error of 0.08 to 0.09 of them.
            assertThat(program.doubles("fours", 1, 48, 288, "random")[1]).isBetween(0.05, 0.085);
            assertThat(program.doubles("fours", 1, 48, 288, "equal")[1]).isLessThan(0.005);
        }
    }

    @ParameterizedTest
    @MethodSource(KernelSets.ALL)
    void giveEachRowWhatItIsByItself(String set) {
        KernelSets.use(set);
        try (TorchProgram program = program()) {
            for (int rows : new int[] {2, 3, 4, 5, 8, 11, 16, 31, 32, 40}) {
                assertThat(program.doubles("alone", rows, 80, 1536)).containsOnly(1.0);
            }
            assertThat(program.doubles("alone", 16, 32, 8960)).containsOnly(1.0);
        }
    }

    @ParameterizedTest
    @MethodSource(KernelSets.ALL)
    void spoilOnlyTheRowWhoseNumbersAreNotFinite(String set) {
        KernelSets.use(set);
        try (TorchProgram program = program()) {
            assertThat(program.doubles("spoiled", 32, 64)).containsExactly(32, 0, 32, 0, 32, 0);
        }
    }

    @ParameterizedTest
    @MethodSource(KernelSets.ALL)
    void attendAsFloat64DoesWithinBfloat16sRounding(String set) {
        KernelSets.use(set);
        try (TorchProgram program = program()) {
            for (int size : new int[] {32, 64, 96, 128, 160}) {
                for (int group : new int[] {1, 2, 3, 4, 7}) {
                    for (int tokens : new int[] {1, 2, 15, 16, 17, 100}) {
                        for (double strength : new double[] {1, 30}) {
                            double[] errors = program.doubles("attention", 2, group, size, tokens, strength);
                            // Scores of 200 are known to 1e-5.
                            assertThat(errors[0]).isLessThan(strength == 1 ? 1e-5 : 1e-3);
                            assertThat(errors[1]).as("each is what it is alone").isOne();
                            assertThat(errors[2]).isZero();
                            assertThat(errors[3]).isEqualTo(2 * group * size);
                        }
                    }
                }
            }
            assertThat(program.doubles("attention", 2, 6, 128, 2000, 1.0)[0]).isLessThan(1e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type",
                "integers",
                "inputs",
                "outputs",
                "columns",
                "repeated",
                "bias",
                "added",
                "dimensions",
                "codes",
                "scales",
                "groups",
                "zeros",
                "odd"
            })
    void refuseWhatTheyCannotReadAndGoOn(String what) {
        try (TorchProgram program = program()) {
            assertThatThrownBy(() -> program.run("refused", what))
                    .isInstanceOf(TorchException.class)
                    .hasMessageContaining("A native kernel objects to");
            assertThat(program.doubles("alone", 2, 32, 64)).containsOnly(1.0);
        }
    }

    @Test
    void doNotLoadFromWhatIsNoLibrary() {
        assertThatThrownBy(() -> NativeKernels.open(new ByteArrayInputStream(new byte[1000])))
                .isInstanceOf(LinkageError.class);
    }

    @Test
    void keepNoMemoryOfCalls() {
        try (TorchProgram program = program()) {
            program.run("many", 2_000);
            NativeHeap.giveBack();
            long before = residentBytes();
            program.run("many", 34_000);
            NativeHeap.giveBack();

            // A tensor that is never released is 100 bytes and more, of 10^5 calls 10 MB.
            assertThat(residentBytes() - before).isLessThan(5_000_000);
        }
    }

    private static long residentBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("RssAnon:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElseThrow()
                    * 1024;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
