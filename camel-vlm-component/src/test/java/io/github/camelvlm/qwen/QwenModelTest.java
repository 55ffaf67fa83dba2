package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.goldens.EditedModel;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.model.ModelFamilies;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchRuntime;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.UnaryOperator;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Model directories: the kinds that are accepted, and what is said of broken ones. */
class QwenModelTest {
    @TempDir
    private Path folder;

    private EditedModel model;

    @BeforeEach
    void copy() throws IOException {
        model = EditedModel.copy(GoldenCase.RANDOM_VL, folder);
    }

    @Test
    void closesItsTokenizerThoughItsProgramCannotBeClosed() {
        QwenModel loaded = QwenModel.load(model.directory(), new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN));
        loaded.program().close();

        assertThatThrownBy(loaded::close).isInstanceOf(RuntimeException.class);

        assertThatThrownBy(() -> loaded.tokenizer().encode("Hello")).isInstanceOf(EngineUnavailableException.class);
    }

    /** The golden "no image" needs the text weights alone, "see tiny.png" those of the vision tower too. */
    private static void assertComputesTheGolden(Path directory, String name) {
        GoldenCase golden = GoldenCase.all()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        TorchRuntime.prepareThread(1);
        try (QwenModel loaded = QwenModel.load(directory, new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN))) {
            loaded.program().allocate(512);
            double[] logprobs = TeacherForcing.logprobs(
                    loaded.program(),
                    loaded.promptCompiler(512, 64_000_000).compile(golden.messages()),
                    golden.ints("generated_token_ids"));
            for (int i = 0; i < logprobs.length; i++) {
                assertThat(logprobs[i])
                        .isCloseTo(
                                golden.json()
                                        .get("logprobs")
                                        .get(i)
                                        .get("logprob")
                                        .asDouble(),
                                Offset.offset(2e-3));
            }
        }
    }

    @Test
    void acceptsTheNamesOfTransformersFive() throws IOException {
        model.rename(name -> name.startsWith("model.")
                ? "model.language_model." + name.substring("model.".length())
                : name.startsWith("visual.") ? "model." + name : name);

        assertComputesTheGolden(folder, "see tiny.png");
    }

    @Test
    void acceptsTheNamesOfAWrappedLanguageModel() throws IOException {
        UnaryOperator<String> wrapped =
                name -> name.startsWith("model.") || name.startsWith("lm_head.") ? "language_model." + name : name;
        model.rename(wrapped);

        assertComputesTheGolden(folder, "see tiny.png");
    }

    @Test
    void acceptsAFlatConfig() throws IOException {
        model.json("config.json", config -> {
            ObjectNode text = (ObjectNode) config.remove("text_config");
            JsonNode rope = text.remove("rope_parameters");
            text.set("rope_theta", rope.get("rope_theta"));
            text.putObject("rope_scaling").put("type", "mrope").set("mrope_section", rope.get("mrope_section"));
            text.remove("model_type");
            text.remove("tie_word_embeddings");
            config.setAll(text);
        });

        assertComputesTheGolden(folder, "see tiny.png");
    }

    @Test
    void acceptsWeightsInOneFile() {
        assertThat(Files.exists(GoldenCase.SHAPES_VL.resolve("model.safetensors")))
                .isTrue();
        assertComputesTheGolden(GoldenCase.SHAPES_VL, "describe tall.png");
    }

    @Test
    void needsNoGenerationConfig() throws IOException {
        model.delete("generation_config.json");

        try (QwenModel loaded = load()) {
            assertThat(loaded.defaults().endTokens()).containsExactly(1012);
        }
    }

    @Test
    void endsATurnAtAnyIdOfTheGenerationConfig() {
        try (QwenModel loaded =
                QwenModel.load(GoldenCase.SHAPES_VL, new Execution("cpu", Dtype.BFLOAT16, LinearKernel.PLAIN))) {
            assertThat(loaded.defaults().endTokens()).containsExactlyInAnyOrder(1010, 1012);
            assertThat(loaded.defaults().sampling().topK()).isEqualTo(1);
        }
    }

    private QwenModel load() {
        return (QwenModel) ModelFamilies.load(folder, new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN));
    }

    private AbstractThrowableAssert<?, ?> assertRefused() {
        return assertThatThrownBy(this::load).isInstanceOf(ModelLoadException.class);
    }

    @Test
    void refusesADirectoryThatIsNotThere() {
        assertThatThrownBy(() -> ModelFamilies.load(
                        folder.resolve("elsewhere"), new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN)))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("There is no model directory")
                .hasMessageContaining("elsewhere");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"config.json", "preprocessor_config.json", "tokenizer.json", "model-00003-of-00007.safetensors"})
    void refusesADirectoryThatLacksAFile(String file) throws IOException {
        model.delete(file);

        assertRefused().hasMessageContaining(file).hasMessageContaining("download");
    }

    @Test
    void refusesADirectoryWithoutWeights() throws IOException {
        for (Path file : model.weights()) {
            Files.delete(file);
        }
        model.delete("model.safetensors.index.json");

        assertRefused().hasMessageContaining("model.safetensors").hasMessageContaining(folder.toString());
    }

    @Test
    void refusesADirectoryWithoutAChatTemplate() throws IOException {
        model.delete("chat_template.json").json("tokenizer_config.json", config -> config.remove("chat_template"));

        assertRefused().hasMessageContaining("chat_template");
    }

    @Test
    void refusesAModelThatLacksATensor() throws IOException {
        model.headers(header -> header.remove("visual.blocks.1.mlp.fc2.bias"));

        assertRefused().hasMessageContaining("lacks the tensor visual.blocks.1.mlp.fc2.bias");
    }

    @Test
    void refusesATensorOfTheWrongShape() throws IOException {
        model.headers(header -> {
            if (header.has("model.norm.weight")) {
                ((ObjectNode) header.get("model.norm.weight"))
                        .putArray("shape")
                        .add(2)
                        .add(56);
            }
        });

        assertRefused()
                .hasMessageContaining("model.norm.weight")
                .hasMessageContaining("[2, 56]")
                .hasMessageContaining("[112]");
    }

    @Test
    void refusesATruncatedShard() throws IOException {
        Path shard = model.weights().get(4);
        try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 100);
        }

        assertRefused()
                .hasMessageContaining(shard.getFileName().toString())
                .hasMessageContaining("is cut off")
                .hasMessageContaining("download");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "\u0010\0\0\0\0\0\0\0{\"a\":", "\uFFFF\uFFFF\uFFFF no header at all"})
    void refusesAShardThatIsNoSafetensorsFile(String content) throws IOException {
        Path shard = model.weights().get(0);
        Files.writeString(shard, content);

        assertRefused().hasMessageContaining(shard.getFileName().toString());
    }

    @Test
    void refusesAHeaderThatLiesAboutASize() throws IOException {
        model.headers(header -> {
            if (header.has("model.norm.weight")) {
                ((ObjectNode) header.get("model.norm.weight"))
                        .putArray("shape")
                        .add(1L << 62)
                        .add(1L << 62);
            }
        });

        assertRefused().hasMessageContaining("model.norm.weight").hasMessageContaining("does not fit its shape");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "9223372036854775807 | 9223372036854775807",
                "9223372036854775583 | 9223372036854775807",
                "-224 | 0",
                "1000000000000 | 1000000000224"
            })
    void refusesOffsetsThatLieOutsideTheFile(long begin, long end) throws IOException {
        model.headers(header -> {
            if (header.has("model.norm.weight")) {
                ((ObjectNode) header.get("model.norm.weight"))
                        .putArray("data_offsets")
                        .add(begin)
                        .add(end);
            }
        });

        assertRefused().hasMessageContaining("tensor model.norm.weight");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../model-00001-of-00007.safetensors", "/etc/passwd", "sub/a.safetensors", "..", ""})
    void refusesAnIndexThatNamesAFileElsewhere(String name) throws IOException {
        model.json(
                "model.safetensors.index.json",
                index -> ((ObjectNode) index.get("weight_map")).put("lm_head.weight", name));

        assertRefused()
                .hasMessageContaining(
                        "model.safetensors.index.json names a file that cannot be one of the model's (" + name + ")");
    }

    @Test
    void refusesAnIndexThatNamesNothing() throws IOException {
        model.json("model.safetensors.index.json", index -> index.putObject("weight_map"));

        assertRefused().hasMessageContaining("model.safetensors.index.json names no files");
    }

    @Test
    void acceptsLinksToFilesElsewhereAsTheCacheOfTheHubHasThem(@TempDir Path blobs) throws IOException {
        for (Path shard : model.weights()) {
            Files.createSymbolicLink(shard, Files.move(shard, blobs.resolve(shard.getFileName())));
        }

        load().close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen3_vl_moe", "qwen3_5", "qwen2_5_omni", "qwen2"})
    void refusesAModelOfAnotherTypeByNameAndSaysWhatIsServed(String type) throws IOException {
        model.json("config.json", config -> config.put("model_type", type));

        assertRefused()
                .hasMessageContaining("config.json: model_type is " + type + ", which is not served")
                .hasMessageContaining("Qwen2-VL (Qwen/Qwen2-VL-2B-Instruct)")
                .hasMessageContaining("Qwen2.5-VL (Qwen/Qwen2.5-VL-3B-Instruct)")
                .hasMessageContaining("Qwen3-VL (Qwen/Qwen3-VL-2B-Instruct)");
    }

    @Test
    void refusesAConfigWithAValueThatCannotBe() throws IOException {
        model.json("config.json", config -> ((ObjectNode) config.get("text_config")).put("num_hidden_layers", 0));

        assertRefused()
                .hasMessageContaining("config.json")
                .hasMessageContaining("num_hidden_layers must be a whole number from 1 to 1000, but is 0");
    }

    @Test
    void refusesAConfigThatIsNoJson() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{ \"model_type\": ");

        assertRefused().hasMessageContaining("config.json is not JSON");
    }
}
