package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.model.FlashAttention;
import io.github.camelvlm.torch.TorchException;
import io.github.camelvlm.torch.TorchProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the flash kernel is trusted, by what comes of trying it. */
class FlashAttentionTest {
    /** The functions of the real program, and a trial of the kernel that a test writes. */
    private static final String FUNCTIONS;

    private static final String ENGINE = """
            class Engine(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool

              def try_flash(self) -> List[float]:
                return [%s]
            """;

    static {
        String text = QwenPrograms.PLAIN;
        FUNCTIONS = text.substring(0, text.indexOf("class Engine(Module)"));
    }

    @ParameterizedTest
    @CsvSource({"0.004, true", "0.021, false", "nan, false"})
    void trustsTheKernelWhereItAgreesWithPlainAttention(String difference, boolean trusted) {
        try (TorchProgram program = program(difference)) {
            assertThat(FlashAttention.agrees(program)).isEqualTo(trusted);
        }
    }

    @Test
    void doesWithoutTheKernelWhereItDoesNotRun() {
        try (TorchProgram program = program(
                "float(__torch__.flash_difference(6, 2, 32, [9, 0], [0, 3], [2, 1], torch.ones([1], dtype=15)))")) {
            assertThatThrownBy(() -> program.doubles("try_flash"))
                    .isInstanceOf(TorchException.class)
                    .hasMessageContaining("_flash_attention_forward");
            assertThat(FlashAttention.agrees(program)).isFalse();
        }
    }

    private static TorchProgram program(String difference) {
        return new TorchProgram(FUNCTIONS + ENGINE.formatted(difference));
    }
}
