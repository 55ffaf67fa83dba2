package io.github.camelvlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchProgram;
import io.github.camelvlm.torch.TorchRuntime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packed products, whose rows are cut into those that fill whole tiles and the rest, held against float32. */
class LinearKernelTest {
    private static final String PROGRAM = """

            class Engine(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool

              # The largest errors of dense, add_dense and what they are measured by: the largest result.
              def errors(self, rows: int) -> List[float]:
                x = torch.randn([rows, 96], dtype=6).to(15)
                w = torch.randn([160, 96], dtype=6).to(15)
                b = torch.randn([160], dtype=6).mul_(20.0).to(15)
                h = torch.randn([rows, 160], dtype=6).mul_(20.0).to(15)
                m = __torch__.pack([w], True)
                right = torch.linear(x.to(6), w.to(6), b.to(6))
                product = (__torch__.dense(x, m, b) - right).abs().max()
                added = (__torch__.add_dense(h, x, m, b) - right - h).abs().max()
                return [float(product), float(added), float((right + h).abs().max())]
            """;

    @ParameterizedTest(name = "{0} rows")
    @ValueSource(ints = {1, 63, 64, 65, 100, 128, 200, 255, 256, 300})
    void multipliesEveryRowAndAddsWhatIsToBeAdded(int rows) {
        TorchRuntime.prepareThread(1);
        assumeThat(LinearKernel.PACKED.isSupported(Dtype.BFLOAT16))
                .as("this libtorch and processor multiply packed bfloat16")
                .isTrue();
        try (TorchProgram program = new TorchProgram(LinearKernel.PACKED.text() + PROGRAM)) {
            double[] errors = program.doubles("errors", rows);

            // A bfloat16 rounds to one part in 256.
            assertThat(errors[0]).isLessThan(errors[2] / 128);
            assertThat(errors[1]).isLessThan(errors[2] / 128);
        }
    }
}
