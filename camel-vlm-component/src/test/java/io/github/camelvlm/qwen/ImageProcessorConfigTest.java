package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.goldens.GoldenCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageProcessorConfigTest {

    @TempDir
    private Path folder;

    private ImageProcessorConfig read(String json) throws IOException {
        Files.writeString(folder.resolve("preprocessor_config.json"), json);
        return ImageProcessorConfig.read(folder, ImageProcessorConfig.QWEN2_VL);
    }

    @Test
    void readsTheModelsOwnFile() {
        ImageProcessorConfig config = ImageProcessorConfig.read(GoldenCase.SHAPES_VL, ImageProcessorConfig.QWEN2_VL);
        assertThat(config.minPixels()).isEqualTo(7056);
        assertThat(config.maxPixels()).isEqualTo(28224);
        assertThat(config.cell()).isEqualTo(28);
        assertThat(config.std()).isEqualTo(List.of(0.26862954, 0.26130258, 0.27577711));
    }

    @Test
    void takesDefaultsWhereTheFileSaysNothing() throws IOException {
        assertThat(read("{}")).isEqualTo(ImageProcessorConfig.QWEN2_VL);
        assertThat(read("{\"min_pixels\": null, \"size\": null}")).isEqualTo(ImageProcessorConfig.QWEN2_VL);
    }

    @Test
    void readsLimitsFromTheSizeThatNewerExportsWrite() throws IOException {
        ImageProcessorConfig config = read("{\"size\": {\"shortest_edge\": 4000, \"longest_edge\": 90000}}");
        assertThat(config.minPixels()).isEqualTo(4000);
        assertThat(config.maxPixels()).isEqualTo(90000);
        assertThat(read("{\"max_pixels\": 5000, \"size\": {\"longest_edge\": 90000}}")
                        .maxPixels())
                .isEqualTo(5000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"patch_size\": 0} | patch_size must be at least 1, but is 0",
                "{\"min_pixels\": \"many\"} | min_pixels must be a whole number, but is \"many\"",
                "{\"min_pixels\": 9, \"max_pixels\": 8} | max_pixels must be at least min_pixels",
                "{\"image_mean\": [1]} | image_mean must hold 3 numbers",
                "{\"image_std\": [1, 1, 0]} | image_std must hold 3 numbers above 0",
                "{\"image_std\": [1, 1, 1e-30]} | image_std must hold 3 numbers above 0",
                "{\"image_mean\": [\"a\", 0, 0]} | image_mean must be a list of numbers",
                "{\"image_mean\": [1e9, 0, 0]} | image_mean must hold numbers from -1000.0 to 1000.0",
                "{\"patch_size\": 14.5} | patch_size must be a whole number, but is 14.5",
                "{\"rescale_factor\": 1} | rescale_factor must be 1/255",
                "{\"do_rescale\": false} | do_rescale must be true",
                "{\"image_std\": 1} | image_std must be a list",
                "{ | preprocessor_config.json is not JSON",
            })
    void saysWhatIsWrong(String json, String words) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(words);
    }

    @Test
    void namesAFileThatIsMissing() {
        assertThatThrownBy(() -> ImageProcessorConfig.read(folder, ImageProcessorConfig.QWEN2_VL))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("lacks preprocessor_config.json");
    }
}
