package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.goldens.EditedModel;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.torch.Dtype;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations with numbers that no model can have: each is refused by its file and field, at once. */
@Timeout(30)
class HostileConfigTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private EditedModel model() throws IOException {
        return EditedModel.copy(GoldenCase.SHAPES_VL, folder);
    }

    private AbstractThrowableAssert<?, ?> assertRefused() {
        return assertThatThrownBy(() -> QwenModel.load(folder, new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN)))
                .isInstanceOf(ModelLoadException.class);
    }

    private static void set(ObjectNode root, String pointer, String value) {
        int last = pointer.lastIndexOf('/');
        try {
            JsonNode parsed = JSON.readTree(value);
            ((ObjectNode) root.at(pointer.substring(0, last))).set(pointer.substring(last + 1), parsed);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/rope_theta | 0 | rope_theta must be a number from 1.0 to 1.0E12, but is 0",
                "/rope_theta | -10000 | rope_theta must be a number",
                "/rope_theta | 1e400 | rope_theta must be a number",
                "/rope_theta | \"10000\" | rope_theta must be a number",
                "/rms_norm_eps | -1e-6 | rms_norm_eps must be a number from 1.0E-12 to 0.1, but is -1.0E-6",
                "/rms_norm_eps | 0 | rms_norm_eps must be a number",
                "/rms_norm_eps | 1e9 | rms_norm_eps must be a number",
                "/hidden_size | 2000000000 | hidden_size must be a whole number from 1 to 131072, but is 2000000000",
                "/hidden_size | 191 | do not divide evenly",
                "/hidden_size | 192.5 | hidden_size must be a whole number",
                "/intermediate_size | 2147483647 | intermediate_size must be a whole number",
                "/num_hidden_layers | 1000000000 | num_hidden_layers must be a whole number from 1 to 1000",
                "/num_hidden_layers | 1000 | lacks the tensor model.layers.4.",
                "/num_attention_heads | 5 | do not divide evenly",
                "/num_attention_heads | -6 | num_attention_heads must be a whole number from 1 to 1024",
                "/num_key_value_heads | 4 | do not divide evenly",
                "/num_key_value_heads | 12 | num_key_value_heads must be a whole number from 1 to 6",
                "/vocab_size | 2147483647 | vocab_size must be a whole number from 2 to 4194304",
                "/vocab_size | 1020 | image_token_id must be a whole number from 0 to 1019, but is 1022",
                "/max_position_embeddings | 0 | max_position_embeddings must be a whole number",
                "/max_position_embeddings | 2000000000 | max_position_embeddings must be a whole number",
                "/image_token_id | -1 | image_token_id must be a whole number from 0 to 1023, but is -1",
                "/image_token_id | 1024 | image_token_id must be a whole number from 0 to 1023",
                "/eos_token_id | 1024 | eos_token_id must be token ids from 0 to 1023, but is 1024",
                "/eos_token_id | [1012, \"x\"] | eos_token_id must be token ids from 0 to 1023",
                "/hidden_act | \"gelu\" | hidden_act must be silu, but is \"gelu\"",
                "/rope_scaling/mrope_section | [-4, 10, 10] | mrope_section must be three positive whole numbers that add up to 16",
                "/rope_scaling/mrope_section | [4, 6, 6.5] | mrope_section must be three positive",
                "/rope_scaling/mrope_section | [4, 6, 5] | mrope_section must be three positive",
                "/rope_scaling/type | \"yarn\" | type must be mrope or default, but is \"yarn\"",
                "/vision_config/embed_dim | 1000000000 | embed_dim must be a whole number",
                "/vision_config/num_heads | 3 | do not divide evenly",
                "/vision_config/depth | 1000000000 | depth must be a whole number from 1 to 1000",
                "/vision_config/mlp_ratio | -3 | mlp_ratio must be a number",
                "/vision_config/mlp_ratio | 1e300 | mlp_ratio must be a number",
                "/vision_config/patch_size | 16 | patch_size must be 14, but is 16",
                "/vision_config/spatial_merge_size | 3 | spatial_merge_size must be 2, but is 3",
                "/vision_config/hidden_act | \"silu\" | hidden_act must be quick_gelu",
            })
    void refusesANumberThatCannotBe(String pointer, String value, String words) throws IOException {
        model().json("config.json", config -> set(config, pointer, value));

        assertRefused().hasMessageContaining(words).hasMessageContaining(folder.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/vision_config/window_size | 100 | window_size must be a multiple of 28, but is 100",
                "/vision_config/window_size | 0 | window_size must be a whole number from 28 to 16384, but is 0",
                "/vision_config/fullatt_block_indexes | [1, 4] | fullatt_block_indexes must be whole numbers from 0 to 3",
                "/vision_config/fullatt_block_indexes | [3, 1] | each above the last, but is [3,1]",
                "/vision_config/fullatt_block_indexes | 3 | fullatt_block_indexes must be a list, but is 3",
                "/vision_config/out_hidden_size | 80 | out_hidden_size must be 112, but is 80",
                "/vision_config/hidden_act | \"gelu\" | hidden_act must be silu, but is \"gelu\"",
                "/text_config/rope_parameters/mrope_interleaved | true | mrope_interleaved must be false, but is true",
            })
    void refusesANumberThatCannotBeOfAQwen25(String pointer, String value, String words) throws IOException {
        EditedModel.copy(GoldenCase.RANDOM_VL25, folder).json("config.json", config -> set(config, pointer, value));

        assertRefused().hasMessageContaining(words).hasMessageContaining(folder.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/vision_config/num_position_embeddings | 2305 | num_position_embeddings must be a square, but is 2305",
                "/vision_config/num_position_embeddings | 1 | num_position_embeddings must be a whole number from 4",
                "/vision_config/deepstack_visual_indexes | [0, 0] | deepstack_visual_indexes must be whole numbers from 0 to 3",
                "/vision_config/deepstack_visual_indexes | [0, 1, 2, 3, 4] | deepstack_visual_indexes must be whole numbers",
                "/text_config/num_hidden_layers | 2 | deepstack_visual_indexes must be at most as long as the decoder has layers",
                "/vision_config/patch_size | 14 | patch_size must be 16, but is 14",
                "/text_config/head_dim | 15 | head_dim must be an even number, but is 15",
                "/text_config/head_dim | 1000000 | head_dim must be a whole number from 2 to 4096",
                "/text_config/attention_bias | true | attention_bias must be false, but is true",
                "/text_config/rope_parameters/mrope_interleaved | false | mrope_interleaved must be true, but is false",
            })
    void refusesANumberThatCannotBeOfAQwen3(String pointer, String value, String words) throws IOException {
        EditedModel.copy(GoldenCase.RANDOM_VL3, folder).json("config.json", config -> set(config, pointer, value));

        assertRefused().hasMessageContaining(words).hasMessageContaining(folder.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/eos_token_id | 5000 | eos_token_id must be token ids from 0 to 1023, but is 5000",
                "/temperature | \"hot\" | temperature must be a number",
                "/temperature | -1 | temperature must be between 0 and 2, but is -1.0",
                "/top_p | 1.5 | top_p must be",
                "/top_k | 1.5 | top_k must be a whole number",
                "/repetition_penalty | -1 | repetition_penalty must be above 0",
            })
    void refusesADefaultThatCannotBe(String pointer, String value, String words) throws IOException {
        model().json("generation_config.json", config -> set(config, pointer, value));

        assertRefused().hasMessageContaining(words).hasMessageContaining("generation_config.json");
    }

    @ParameterizedTest
    @CsvSource({"patch_size, 16, 14", "merge_size, 4, 2", "temporal_patch_size, 1, 2"})
    void refusesPatchesThatTheModelDoesNotTake(String field, int size, int byConfig) throws IOException {
        model().json("preprocessor_config.json", config -> config.put(field, size));

        assertRefused()
                .hasMessageContaining("preprocessor_config.json: " + field + " is " + size
                        + ", but by config.json it must be " + byConfig);
    }

    @Test
    void refusesATokenizerWithMoreTokensThanTheModel() throws IOException {
        model().json(
                        "tokenizer.json",
                        tokenizer -> ((ObjectNode)
                                        tokenizer.withArray("added_tokens").get(0))
                                .put("id", 1024));

        assertRefused()
                .hasMessageContaining("tokenizer.json has the token 1024, but by config.json vocab_size is 1024");
    }

    @Test
    void refusesAFileThatIsTooLargeToRead() throws IOException {
        model();
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("config.json").toFile(), "rw")) {
            file.setLength(5_000_000_000L);
        }

        assertRefused().hasMessageContaining("config.json has 5000000000 bytes, more than the 64000000");
    }
}
