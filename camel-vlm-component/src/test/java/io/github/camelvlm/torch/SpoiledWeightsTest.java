package io.github.camelvlm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.model.ProgramText;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights that are no numbers make answers that are none, which an engine tells; rounded, they would make wrong ones. */
@ExtendWith(KernelSets.class)
class SpoiledWeightsTest {
    private static final String PROGRAM = """

            class Engine(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool

              # Which of 48 outputs of the last of some rows are no numbers, where weights of three outputs are none, or infinite.
              def spoiled(self, form: str, rows: int, columns: int) -> List[float]:
                w = torch.randn([48, columns], dtype=6).to(15)
                w[5][0].fill_(nan)
                w[20][columns - 1].fill_(inf)
                w[47][columns // 2].fill_(-inf)
                x = torch.randn([rows, columns], dtype=6).to(15)
                none = torch.empty([0])
                if form == "eights":
                  y = __torch__.multiply_eights(x, __torch__.eights(w), none, none)
                else:
                  y = __torch__.multiply_fours(x, __torch__.fours(w), none, none)
                numbers = annotate(List[float], [])
                for i in range(48):
                  if not bool(y[rows - 1][i].isfinite()):
                    numbers.append(float(i))
                return numbers
            """;

    @ParameterizedTest
    @MethodSource(KernelSets.ALL)
    void spoilTheirOutputsAndNoOthers(String set) {
        KernelSets.use(set);
        try (TorchProgram program = new TorchProgram(ProgramText.of("tensors") + ProgramText.of("native") + PROGRAM)) {
            for (int rows : new int[] {1, 2, 8, 16, 95, 96, 130}) {
                assertThat(program.doubles("spoiled", "fours", rows, 288))
                        .as("%d rows in 4 bits", rows)
                        .containsExactly(5, 20, 47);
                for (int columns : new int[] {288, 291}) {
                    assertThat(program.doubles("spoiled", "eights", rows, columns))
                            .as("%d rows, %d inputs in 8 bits", rows, columns)
                            .containsExactly(5, 20, 47);
                }
            }
        }
    }
}
