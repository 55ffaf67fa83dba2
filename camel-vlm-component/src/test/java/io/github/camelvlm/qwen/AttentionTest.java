package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.torch.TorchProgram;
import io.github.camelvlm.torch.TorchRuntime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention in bfloat16 by products, held against float32 beside libtorch's fused attention in bfloat16. */
class AttentionTest {
    private static final String METHOD = """

              # The mean errors of products and of fused attention, n queries after past tokens, keys of a size.
              def errors(self, n: int, past: int, size: float) -> List[float]:
                q = torch.randn([n, 6, 64], dtype=6).to(15)
                k = torch.randn([2, past + n, 64], dtype=6).mul_(size).to(15)
                v = torch.randn([2, past + n, 64], dtype=6).to(15)
                seen = torch.ones([n, past + n], dtype=11).tril(past)
                exact = __torch__.attend(q.to(6), k.to(6), v.to(6))
                fused = torch.scaled_dot_product_attention(
                  q.transpose(0, 1), k.repeat_interleave(3, 0), v.repeat_interleave(3, 0), seen)
                fused = fused.transpose(0, 1).reshape([n, -1])
                products = __torch__.attend(q, k, v)
                return [float((products - exact).abs().mean()), float((fused - exact).abs().mean())]

              # The same for all of p patches.
              def errors_to_all(self, p: int, size: float) -> List[float]:
                q = torch.randn([3, p, 64], dtype=6).to(15)
                k = torch.randn([3, p, 64], dtype=6).mul_(size).to(15)
                v = torch.randn([3, p, 64], dtype=6).to(15)
                exact = __torch__.attend_to_all(q.to(6), k.to(6), v.to(6))
                fused = torch.scaled_dot_product_attention(q, k, v).transpose(0, 1).reshape([p, -1])
                products = __torch__.attend_to_all(q.to(6), k.to(6), v)
                return [float((products - exact).abs().mean()), float((fused - exact).abs().mean())]
            """;

    private static TorchProgram program;

    @BeforeAll
    static void compile() {
        TorchRuntime.prepareThread(1);
        program = new TorchProgram(QwenPrograms.PLAIN + METHOD);
    }

    @AfterAll
    static void close() {
        program.close();
    }

    @ParameterizedTest(name = "{0} tokens after {1}, keys {2} times as large")
    @CsvSource({"200, 0, 1", "2, 300, 20", "130, 301, 20", "20, 40, 20", "300, 0, 50"})
    void isAboutAsExactAsTheFusedOneWhateverTheSizeOfTheScores(int tokens, int past, double size) {
        double[] errors = program.doubles("errors", tokens, past, size);

        assertThat(errors[1]).isPositive();
        assertThat(errors[0]).isLessThan(2 * errors[1]);
    }

    /** Scores beyond 88 are none whose power can be taken, and are rounded to more than a tenth. */
    @ParameterizedTest(name = "{0} patches, keys {1} times as large")
    @CsvSource({"64, 1, 5", "300, 5, 12", "1100, 1, 5", "1100, 50, 40"})
    void ofAPictureErrsByTheRoundingOfItsScores(int patches, double size, double times) {
        double[] errors = program.doubles("errors_to_all", patches, size);

        assertThat(errors[1]).isPositive();
        assertThat(errors[0]).isLessThan(times * errors[1]);
    }
}
