package io.github.camelvlm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.model.ProgramText;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The codes of four bits that kernels choose, held against the same search in float64. */
@ExtendWith(KernelSets.class)
class RoundedGroupsTest {
    private static final String PROGRAM = """

            class Engine(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool

              # How much of groups x [groups, 32] is lost by codes less their zeros t [groups, 32], with the best scale for these.
              def lost(self, x: Tensor, t: Tensor) -> Tensor:
                squares = t.pow(2).sum(1)
                gained = (x * t).sum(1).pow(2) / squares.clamp_min(1e-9)
                return x.pow(2).sum(1) - gained

              # The least that is lost by ranges that leave out up to a third of the largest numbers, and the two zeros next to each.
              def least(self, x: Tensor) -> Tensor:
                high = x.amax(1, True).clamp_min(0.0)
                low = x.amin(1, True).clamp_max(0.0)
                best = x.pow(2).sum(1)
                for i in range(8):
                  share = 1.0 - 0.04 * float(i)
                  per = ((high - low) * share).reciprocal() * 15.0
                  below = torch.floor(low.neg() * share * per)
                  for j in range(2):
                    zero = (below + float(j)).clamp_max(15.0)
                    t = torch.minimum(torch.maximum(torch.round(x * per), zero.neg()), zero.neg() + 15.0)
                    best = torch.minimum(best, self.lost(x, t))
                return best

              # What the kernel's codes lose beyond that, by all that there is in a group: the mean of all groups.
              def beyond(self, out: int, columns: int, shift: float) -> List[float]:
                w = (torch.randn([out, columns], dtype=6) + shift).to(15)
                m = __torch__.fours(w)
                bytes = m.codes.view([out // 16, columns // 32, 4, 16, 4])
                halves = torch.stack([bytes.bitwise_and(15), bytes.bitwise_right_shift(4)], 2)
                codes = halves.permute([0, 4, 1, 2, 3, 5]).reshape([-1, 32]).to(7)
                zeros = m.zeros.transpose(1, 2).reshape([-1, 1]).to(7)
                x = w.to(7).view([-1, 32])
                more = (self.lost(x, codes - zeros) - self.least(x)) / x.pow(2).sum(1)
                return [float(more.mean())]
            """;

    @ParameterizedTest
    @MethodSource(KernelSets.ALL)
    void loseNoMoreThanTheBestOfTheirRanges(String set) {
        KernelSets.use(set);
        try (TorchProgram program = new TorchProgram(ProgramText.of("tensors") + ProgramText.of("native") + PROGRAM)) {
            // About zero, above it, and below it. What is halfway between two codes may be rounded otherwise in
            // float64.
            for (double shift : new double[] {0, 0.7, 5, -5}) {
                assertThat(program.doubles("beyond", 256, 1536, shift)[0])
                        .as("numbers about %s", shift)
                        .isLessThan(5e-6);
            }
        }
    }
}
