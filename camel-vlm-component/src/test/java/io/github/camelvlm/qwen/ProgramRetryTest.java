package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.torch.TorchException;
import io.github.camelvlm.torch.TorchProgram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of the program may fail and be tried again: here the end of a picture's way, whose weights come late. */
class ProgramRetryTest {
    private static final String LATE_WEIGHTS = """

              def hold(self, key: int) -> NoneType:
                self.encodings[key] = __torch__.Encoding(torch.ones([4, 8]), torch.ones([4, 1]), torch.ones([4, 1]))
                return None

              def come(self) -> NoneType:
                for name in ["visual.merger.ln_q.weight", "visual.merger.ln_q.bias"]:
                  self.weights[name] = torch.ones([8])
                for name in ["visual.merger.mlp.0", "visual.merger.mlp.2"]:
                  self.weights[name + ".weight"] = torch.ones([32, 32])
                  self.matrices[name] = __torch__.matrix(self.weights, [name], False)
                  self.weights[name + ".bias"] = torch.ones([32])
                return None
            """;

    private TorchProgram program;

    @BeforeEach
    void compile() {
        program = new TorchProgram(QwenPrograms.PLAIN + LATE_WEIGHTS);
    }

    @AfterEach
    void close() {
        program.close();
    }

    @Test
    void aPictureWhoseEncodingFailedAtItsEndIsTriedAgain() {
        program.run("hold", 7);

        assertThatThrownBy(() -> program.run("encode", 7, 0, 0, 0))
                .isInstanceOf(TorchException.class)
                .hasMessageContaining("visual.merger");
        program.run("come");
        program.run("encode", 7, 0, 0, 0);

        assertThat(program.doubles("picture", 7)).hasSize(32);
    }

    @Test
    void aPictureIsForgottenWhetherItIsThereOrNot() {
        program.run("hold", 7);

        assertThatCode(() -> {
                    program.run("drop", 7);
                    program.run("drop", 7);
                })
                .doesNotThrowAnyException();
    }
}
