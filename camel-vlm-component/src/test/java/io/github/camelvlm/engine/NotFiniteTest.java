package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EngineFault;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.goldens.EditedModel;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Models of which some weights are no numbers. */
@Timeout(60)
class NotFiniteTest {
    private static final short NAN = (short) 0x7FC0;

    @TempDir
    private Path folder;

    private EditedModel model;
    private int tilde;

    @BeforeEach
    void copy() throws IOException {
        model = EditedModel.copy(GoldenCase.RANDOM_VL, folder);
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            tilde = tokenizer.encode("~")[0];
        }
    }

    private void breakEmbedding(int id) throws IOException {
        model.tensor("model.embed_tokens.weight", bytes -> {
            int row = bytes.remaining() / 1056;
            fill(bytes.position(id * row).limit((id + 1) * row));
        });
    }

    private static void fill(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            bytes.putShort(NAN);
        }
    }

    private ChatRequest request(String text, Integer topLogprobs) {
        return Engines.request(
                List.of(Message.of(Role.USER, text)),
                SamplingOptions.builder()
                        .temperature(0.0)
                        .maxTokens(20)
                        .topLogprobs(topLogprobs)
                        .logitBias(Map.of(1010, -100.0, 1012, -100.0, tilde, -100.0))
                        .build());
    }

    @Test
    void failsByNameTheRequestWhoseLogitsAreNotFiniteAndNoOther() throws Exception {
        breakEmbedding(tilde);
        try (LocalEngine engine = LocalEngine.load(Engines.options(folder, "float32"))) {
            List<Integer> expected =
                    engine.generate(request("Go on.", null)).await().tokenIds();
            List<Generation> sound = new ArrayList<>();
            List<Generation> broken = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                sound.add(engine.generate(request("Go on.", null)));
                broken.add(engine.generate(request("Go ~ on.", i % 2 == 0 ? null : Integer.valueOf(2))));
            }

            for (Generation generation : broken) {
                assertThatThrownBy(generation::await)
                        .isExactlyInstanceOf(VlmException.class)
                        .hasMessageContaining("The model failed on this request: its logits are not finite")
                        .hasMessageContaining("dtype=float32");
            }
            for (Generation generation : sound) {
                assertThat(generation.await().tokenIds()).isEqualTo(expected).hasSize(20);
            }
            assertThat(engine.isReady()).isTrue();
        }
    }

    @Test
    void isNotReadyWhereNoLogitsAreFinite() throws Exception {
        model.tensor("model.norm.weight", NotFiniteTest::fill);
        try (LocalEngine engine = LocalEngine.load(Engines.options(folder, "float32"))) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(
                                () -> engine.generate(request("Go on.", null)).await())
                        .isInstanceOf(EngineUnavailableException.class)
                        .hasMessageContaining("its logits are not finite");
            }

            assertThat(engine.isReady()).isFalse();
            assertThat(engine.fault().map(EngineFault::kind)).contains(EngineFault.Kind.NOT_FINITE);
        }
    }
}
