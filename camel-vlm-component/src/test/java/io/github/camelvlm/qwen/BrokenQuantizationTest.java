package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.goldens.EditedModel;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.torch.Dtype;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checkpoints with rounded weights whose files contradict their configuration: each is refused by what is wrong. */
class BrokenQuantizationTest {
    private static final Path MODELS = Path.of("src/test/resources/models");
    private static final String Q_PROJ = "model.layers.0.self_attn.q_proj.";

    @TempDir
    private Path folder;

    private EditedModel model(String name) throws IOException {
        return EditedModel.copy(MODELS.resolve(name), folder);
    }

    private EditedModel quantization(String name, Consumer<ObjectNode> change) throws IOException {
        return model(name).json("config.json", config -> change.accept((ObjectNode) config.get("quantization_config")));
    }

    private QwenModel load() {
        return QwenModel.load(folder, new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN));
    }

    private AbstractThrowableAssert<?, ?> assertRefused() {
        return assertThatThrownBy(this::load).isInstanceOf(ModelLoadException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "random-awq, qweight",
        "random-awq, qzeros",
        "random-awq, scales",
        "random-gptq4, qzeros",
        "random-gptq4-act, g_idx",
        "random-packed, weight_packed",
        "random-packed, weight_scale",
        "random-vl3-fp8, weight_scale_inv",
    })
    void refusesAModelThatLacksATensorOfAWeight(String name, String suffix) throws IOException {
        String tensor = name.equals("random-vl3-fp8")
                ? "model.language_model.layers.0.self_attn.q_proj." + suffix
                : Q_PROJ + suffix;
        model(name).headers(header -> assertThat(header.remove(tensor)).isNotNull());

        assertRefused()
                .hasMessageContaining("lacks the tensor " + Q_PROJ + suffix + ", which " + Q_PROJ
                        + "weight needs, since config.json says that it is quantized (");
    }

    @Test
    void refusesAModelThatHasNeitherAWeightNorWhatStandsForIt() throws IOException {
        model("random-awq").headers(header -> {
            header.remove(Q_PROJ + "qweight");
            header.remove(Q_PROJ + "qzeros");
            header.remove(Q_PROJ + "scales");
        });

        assertRefused().hasMessageContaining("lacks the tensor " + Q_PROJ + "weight");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "random-awq | qweight | [16, 128] | [128, 16]",
                "random-awq | scales | [1, 256] | [2, 128]",
                "random-gptq4 | qzeros | [1, 32] | [2, 16]",
                "random-packed | weight_scale | [64, 4] | [128, 2]",
            })
    void refusesATensorOfTheWrongShape(String name, String suffix, String shape, String right) throws IOException {
        model(name).headers(header -> {
            ObjectNode tensor = (ObjectNode) header.get(Q_PROJ + suffix);
            tensor.putArray("shape");
            for (String size : shape.replaceAll("[\\[\\] ]", "").split(",")) {
                tensor.withArray("shape").add(Integer.parseInt(size));
            }
        });

        assertRefused()
                .hasMessageContaining("The tensor " + Q_PROJ + suffix)
                .hasMessageContaining("has the shape " + shape + ", but by config.json it must be " + right);
    }

    @ParameterizedTest
    @CsvSource({"random-awq, 48", "random-gptq4, 100", "random-gptq8, 65536", "random-packed, 48"})
    void refusesGroupsThatDoNotFillTheInputs(String name, int size) throws IOException {
        quantization(name, config -> {
            ObjectNode holder =
                    config.has("config_groups") ? (ObjectNode) config.at("/config_groups/group_0/weights") : config;
            holder.put("group_size", size);
        });

        assertRefused()
                .hasMessageContaining(
                        "By config.json's quantization_config the inputs of model.layers.0.self_attn.q_proj"
                                + " come in " + size + "s, but there are 128");
    }

    @Test
    void refusesGroupsOfAnotherSizeThanTheFiles() throws IOException {
        quantization("random-awq", config -> config.put("group_size", 32));

        assertRefused()
                .hasMessageContaining("qzeros in")
                .hasMessageContaining("has the shape [2, 16], but by config.json it must be [4, 16]");
    }

    @Test
    void refusesAnInputOfAGroupThatIsNotThere() throws IOException {
        model("random-gptq4-act").tensor(Q_PROJ + "g_idx", bytes -> bytes.putInt(4, 2));

        assertRefused()
                .hasMessageContaining("The tensor " + Q_PROJ + "g_idx")
                .hasMessageContaining("must put 64 inputs into each of 2 groups, but names the group 2");
    }

    @Test
    void refusesGroupsThatAreNotAllOfOneSize() throws IOException {
        model("random-gptq4-act").tensor(Q_PROJ + "g_idx", bytes -> {
            for (int i = 0; i < bytes.capacity(); i += Integer.BYTES) {
                bytes.putInt(i, 1);
            }
        });

        assertRefused().hasMessageContaining("but puts more into group 1");
    }

    @Test
    void refusesASizeThatIsStatedAndIsNotTheWeights() throws IOException {
        model("random-packed").tensor(Q_PROJ + "weight_shape", bytes -> bytes.putLong(8, 7_000_000_000L));

        assertRefused()
                .hasMessageStartingWith("The tensor " + Q_PROJ + "weight_shape in ")
                .hasMessageContaining("says that the weight has the shape [128, 7000000000], but by config.json it must"
                        + " be [128, 128]: the files are not of one model");
    }

    @Test
    void refusesIntegersWhereConfigJsonSaysNothingOfThem() throws IOException {
        model("random-vl3-fp8").json("config.json", config -> config.remove("quantization_config"));

        assertRefused()
                .hasMessageContaining("is of the type float8_e4m3fn, but by config.json it must be float32, bfloat16 or"
                        + " float16, since config.json does not say that it is quantized");
    }

    @Test
    void takesWhatConfigJsonLeavesOutForWeightsAsTheyAre() throws IOException {
        quantization(
                "random-packed", config -> config.withArray("ignore").add("re:model[.]layers[.]0[.]self_attn[.]q_.*"));

        assertRefused().hasMessageContaining("lacks the tensor " + Q_PROJ + "weight: its files are not complete");
    }

    @Test
    void refusesIntegersInPlaceOfANorm() throws IOException {
        model("random-awq")
                .headers(header -> ((ObjectNode) header.get("model.norm.weight"))
                        .put("dtype", "I32")
                        .putArray("shape")
                        .add(64));

        assertRefused()
                .hasMessageContaining("The tensor model.norm.weight")
                .hasMessageContaining("is of the type int32");
    }

    @Test
    void refusesTheOptionThatWouldRoundTheRest() throws IOException {
        model("random-awq");

        assertThatThrownBy(() -> QwenModel.load(folder, new Execution("cpu", Dtype.FLOAT32, LinearKernel.INT8)))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("rounded already (AWQ, 4 bits in groups of 64): set quantization=none");
    }
}
