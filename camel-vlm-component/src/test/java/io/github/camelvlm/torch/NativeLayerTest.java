package io.github.camelvlm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.model.ProgramText;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernels compute between a layer's products, held against libtorch's operators and float64. */
@ExtendWith(KernelSets.class)
class NativeLayerTest {
    private static final String PROGRAM = """

            class Engine(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool

              # The largest difference, in the last places that bfloat16 has at what is right.
              def places(self, y: Tensor, right: Tensor) -> float:
                return float(((y.to(7) - right).abs() / (right.abs() / 128.0 + 1e-37)).max())

              def normed(self, x: Tensor, w: Tensor) -> Tensor:
                d = x.to(7)
                return d * (d.pow(2).mean([-1], True) + 1e-6).rsqrt() * w.to(7)

              # How far norms are from float64's, and how many numbers are not libtorch's.
              def norm(self, rows: int, columns: int, by: float, dtype: int) -> List[float]:
                # Rows that do not lie side by side.
                x = (torch.randn([rows, columns + 5], dtype=6) * by).to(dtype).narrow(1, 2, columns)
                w = torch.randn([columns], dtype=6).to(dtype)
                y = __torch__.norm(x, w, 1e-6)
                alike = torch.isclose(y.to(7), torch.rms_norm(x, [columns], w, 1e-6).to(7), 1e-5, 0.0)
                return [self.places(y, self.normed(x, w)), float(torch.logical_not(alike).to(6).mean())]

              def gate(self, rows: int, columns: int, by: float, dtype: int) -> List[float]:
                x = (torch.randn([rows, 2 * columns], dtype=6) * by).to(dtype)
                gate, up = x.chunk(2, -1)
                y = __torch__.gated(gate, up)
                s = gate.to(7)
                alike = torch.isclose(y.to(7), torch.silu(gate).mul_(up).to(7), 1e-5, 1e-30)
                return [self.places(y, s / ((-s).exp() + 1.0) * up.to(7)), float(torch.logical_not(alike).to(6).mean())]

              # How many of the queries, and of all that is in the cache, are not what libtorch's operators make of them.
              def turn(self, tokens: int, heads: int, kv_heads: int, size: int, normed: bool) -> List[float]:
                qkv = torch.randn([tokens, heads + 2 * kv_heads, size], dtype=6).to(15)
                angles = torch.randn([tokens, 1, size // 2], dtype=6) * 100.0
                cos = angles.cos().to(15)
                sin = angles.sin().to(15)
                q_norm = annotate(Optional[Tensor], None)
                k_norm = annotate(Optional[Tensor], None)
                if normed:
                  q_norm = torch.randn([size], dtype=6).to(15)
                  k_norm = torch.randn([size], dtype=6).to(15)
                k = torch.zeros([kv_heads, tokens + 9, size], dtype=15)
                v = torch.zeros([kv_heads, tokens + 9, size], dtype=15)
                other_k = k.clone()
                other_v = v.clone()
                at = torch.randperm(tokens + 9).narrow(0, 0, tokens)
                copy = qkv.clone()
                q = __torch__.turn(qkv, q_norm, k_norm, 1e-6, cos, sin, at, k, v)
                right = __torch__.turn_by_parts(copy, q_norm, k_norm, 1e-6, cos, sin, at, other_k, other_v)
                return [float((q != right).to(6).mean()), float((k != other_k).to(6).mean()), float((v != other_v).to(6).mean()),
                        float(q.size(1))]

              # Numbers that remain of three rows, one of which has one that is none.
              def finite(self) -> List[float]:
                x = torch.ones([3, 64], dtype=15)
                x[1][7].fill_(nan)
                n = __torch__.norm(x, torch.ones([64], dtype=15), 1e-6)
                g = __torch__.gated(x, torch.ones([3, 64], dtype=15))
                return [float(torch.isfinite(n[0]).sum()), float(torch.isfinite(n[1]).sum()), float(torch.isfinite(n[2]).sum()),
                        float(torch.isfinite(g[0]).sum()), float(torch.isfinite(g[1]).sum()), float(torch.isfinite(g[2]).sum())]

              def refused(self, what: str) -> NoneType:
                x = torch.ones([2, 64], dtype=15)
                qkv = torch.ones([2, 4, 32], dtype=15)
                k = torch.ones([1, 8, 32], dtype=15)
                c = torch.ones([2, 1, 16], dtype=15)
                at = torch.tensor([1, 2], dtype=4)
                none = torch.empty([0])
                if what == "norm's weight":
                  y = __torch__.norm(x, torch.ones([63], dtype=15), 1e-6)
                elif what == "norm's type":
                  y = __torch__.norm(x, torch.ones([64], dtype=6), 1e-6)
                elif what == "norm's columns":
                  y = __torch__.norm(x.t(), torch.ones([2], dtype=15), 1e-6)
                elif what == "gate's shape":
                  y = __torch__.gated(x, x.narrow(1, 0, 63))
                elif what == "gate's type":
                  y = __torch__.gated(x, x.to(6))
                elif what == "place after the cache":
                  __torch__.checked(ops.vlm.turn(qkv, k, k.clone(), none, none, c, c, torch.tensor([1, 8], dtype=4), 1e-6))
                elif what == "place before the cache":
                  __torch__.checked(ops.vlm.turn(qkv, k, k.clone(), none, none, c, c, torch.tensor([-1, 2], dtype=4), 1e-6))
                elif what == "places' type":
                  __torch__.checked(ops.vlm.turn(qkv, k, k.clone(), none, none, c, c, torch.tensor([1, 2], dtype=3), 1e-6))
                elif what == "number of places":
                  __torch__.checked(ops.vlm.turn(qkv, k, k.clone(), none, none, c, c, torch.tensor([1], dtype=4), 1e-6))
                elif what == "heads":
                  __torch__.checked(ops.vlm.turn(qkv.narrow(1, 0, 2).clone(), k, k.clone(), none, none, c, c, at, 1e-6))
                elif what == "head's norm":
                  __torch__.checked(ops.vlm.turn(qkv, k, k.clone(), torch.ones([31], dtype=15), none, c, c, at, 1e-6))
                elif what == "cosines":
                  __torch__.checked(ops.vlm.turn(qkv, k, k.clone(), none, none, c.narrow(0, 0, 1), c, at, 1e-6))
                elif what == "cache":
                  __torch__.checked(ops.vlm.turn(qkv, torch.ones([1, 8, 64], dtype=15).narrow(2, 0, 32), k, none, none, c, c, at, 1e-6))
                return None
            """;

    private static TorchProgram program() {
        return new TorchProgram(ProgramText.of("tensors")
                + ProgramText.of("native")
                + ProgramText.of("attention")
                + ProgramText.of("layer.native")
                + PROGRAM);
    }

    @ParameterizedTest
    @MethodSource(KernelSets.ALL)
    void normAsLibtorchDoes(String set) {
        KernelSets.use(set);
        try (TorchProgram program = program()) {
            for (int columns : new int[] {1, 15, 16, 31, 64, 100, 1536}) {
                for (int rows : new int[] {1, 2, 50}) {
                    for (double by : new double[] {1e-8, 1, 1e4}) {
                        double[] bfloat16 = program.doubles("norm", rows, columns, by, Dtype.BFLOAT16.code());
                        assertThat(bfloat16[0]).isLessThan(0.505);
                        assertThat(bfloat16[1]).isLessThan(0.01);
                        assertThat(program.doubles("norm", rows, columns, by, Dtype.FLOAT32.code())[1])
                                .isZero();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(KernelSets.ALL)
    void gateAsLibtorchDoes(String set) {
        KernelSets.use(set);
        try (TorchProgram program = program()) {
            for (int columns : new int[] {1, 16, 31, 8960}) {
                for (int rows : new int[] {1, 3, 20}) {
                    for (double by : new double[] {1e-3, 1, 10}) {
                        double[] bfloat16 = program.doubles("gate", rows, columns, by, Dtype.BFLOAT16.code());
                        // Rounded twice.
                        assertThat(bfloat16[0]).isLessThan(1.01);
                        assertThat(bfloat16[1]).isLessThan(0.01);
                        assertThat(program.doubles("gate", rows, columns, by, Dtype.FLOAT32.code())[1])
                                .isZero();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(KernelSets.ALL)
    void turnAndKeepAsLibtorchDoes(String set) {
        KernelSets.use(set);
        try (TorchProgram program = program()) {
            for (int size : new int[] {32, 64, 96, 128}) {
                for (int tokens : new int[] {1, 2, 33}) {
                    for (int group : new int[] {1, 6}) {
                        double[] plain = program.doubles("turn", tokens, 2 * group, 2, size, false);
                        assertThat(plain).containsExactly(0, 0, 0, 2 * group);
                        double[] normed = program.doubles("turn", tokens, 2 * group, 2, size, true);
                        // A sum in another order, which rounds to another number now and then.
                        assertThat(normed[0]).isLessThan(0.01);
                        assertThat(normed[1]).isLessThan(0.01);
                        assertThat(normed[2]).isZero();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(KernelSets.ALL)
    void spoilOnlyTheRowThatHasWhatIsNoNumber(String set) {
        KernelSets.use(set);
        try (TorchProgram program = program()) {
            assertThat(program.doubles("finite")).containsExactly(64, 0, 64, 64, 63, 64);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "norm's weight",
                "norm's type",
                "norm's columns",
                "gate's shape",
                "gate's type",
                "place after the cache",
                "place before the cache",
                "places' type",
                "number of places",
                "heads",
                "head's norm",
                "cosines",
                "cache"
            })
    void refuseWhatTheyCannotReadAndGoOn(String what) {
        try (TorchProgram program = program()) {
            assertThatThrownBy(() -> program.run("refused", what))
                    .isInstanceOf(TorchException.class)
                    .hasMessageContaining("A native kernel objects to");
            assertThat(program.doubles("turn", 3, 4, 2, 64, false)).containsExactly(0, 0, 0, 4);
        }
    }
}
