package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.media.ImageDecoder;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.Pictures;
import io.github.camelvlm.media.RgbImage;
import io.github.camelvlm.model.ProcessedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures as the model sees them, against transformers' image processor. */
class ImageProcessorTest {
    private static final Map<String, Path> MODELS = Map.of(
            "shapes-vl", Path.of("../samples/models/shapes-vl"),
            "random-vl", Path.of("src/test/resources/models/random-vl"));

    private static final int SAMPLED_EVERY = 98;
    private static final int PIXELS_OF_PATCH = 14 * 14;
    private static final double JPEG_TOLERANCE = 0.02;

    /** Goldens are rounded to five digits. */
    private static final double ROUNDING = 0.00001;

    static Stream<Arguments> goldens() throws IOException {
        List<Arguments> cases = new ArrayList<>();
        for (String model : MODELS.keySet()) {
            for (JsonNode golden : new ObjectMapper().readTree(Pictures.bytes("goldens/" + model + ".json"))) {
                if (golden.has("image_grid_thw")) {
                    cases.add(Arguments.of(model, Named.of(golden.get("name").asText(), golden)));
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void makesTheGridAndPixelsOfTheGoldens(String model, JsonNode golden) {
        assertGolden(model, golden, false);
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void makesThePixelsToTheBitOfPicturesThatPillowDecoded(String model, JsonNode golden) {
        assertGolden(model, golden, true);
    }

    private static void assertGolden(String model, JsonNode golden, boolean decodedByPillow) {
        ImageProcessorConfig config = ImageProcessorConfig.read(MODELS.get(model), ImageProcessorConfig.QWEN2_VL);
        List<ProcessedImage> images = new ArrayList<>();
        boolean exact = true;
        for (JsonNode url : golden.findValues("url")) {
            String name = url.asText();
            boolean decoded = Pictures.names("goldens/decoded").contains(name + ".png");
            exact &= decodedByPillow || !name.endsWith(".jpg");
            String path = decodedByPillow && decoded ? "goldens/decoded/" + name + ".png" : "goldens/images/" + name;
            RgbImage image = new ImageDecoder().decode(name, Pictures.bytes(path));
            images.add(new ImageProcessor(config).process(name, image, config.minPixels(), config.maxPixels()));
        }
        List<List<Integer>> grids = new ArrayList<>();
        golden.get("image_grid_thw")
                .forEach(grid -> grids.add(List.of(
                        grid.get(0).asInt(), grid.get(1).asInt(), grid.get(2).asInt())));
        assertThat(images)
                .extracting(image -> List.of(1, image.gridHeight(), image.gridWidth()))
                .isEqualTo(grids);
        for (Map.Entry<String, JsonNode> row :
                golden.path("pixel_values").path("rows").properties()) {
            assertRow(
                    config, images, Integer.parseInt(row.getKey()), row.getValue(), exact ? ROUNDING : JPEG_TOLERANCE);
        }
    }

    private static void assertRow(
            ImageProcessorConfig config, List<ProcessedImage> images, int row, JsonNode values, double tolerance) {
        int patch = row;
        int of = 0;
        while (patch >= images.get(of).gridHeight() * images.get(of).gridWidth()) {
            patch -= images.get(of).gridHeight() * images.get(of).gridWidth();
            of++;
        }
        double sum = 0;
        for (int i = 0; i < values.size(); i++) {
            int place = i * SAMPLED_EVERY;
            int channel = place / (2 * PIXELS_OF_PATCH);
            int value = valueAt(images.get(of), patch, channel, place % PIXELS_OF_PATCH);
            double normalized =
                    (value / 255.0 - config.mean().get(channel)) / config.std().get(channel);
            sum += Math.abs(normalized - values.get(i).asDouble());
        }
        assertThat(sum / values.size()).isLessThanOrEqualTo(tolerance);
    }

    /** A value of a patch, patches numbered in the order (rows/2, columns/2, 2, 2). */
    private static int valueAt(ProcessedImage image, int patch, int channel, int pixel) {
        int cell = patch / 4;
        int cellsAcross = image.gridWidth() / 2;
        int patchRow = 2 * (cell / cellsAcross) + patch / 2 % 2;
        int patchColumn = 2 * (cell % cellsAcross) + patch % 2;
        int y = 14 * patchRow + pixel / 14;
        int x = 14 * patchColumn + pixel % 14;
        return image.rgb()[3 * (y * 14 * image.gridWidth() + x) + channel] & 0xff;
    }

    /** Computed by {@code smart_resize} of transformers 5.18. */
    @ParameterizedTest
    @CsvSource({
        // height, width, min, max, new height, new width
        "14, 14, 3136, 12845056, 56, 56",
        "42, 70, 100, 12845056, 56, 56",
        "70, 42, 100, 12845056, 56, 56",
        "98, 126, 100, 12845056, 112, 112",
        "1, 200, 3136, 1003520, 28, 812",
        "200, 1, 3136, 1003520, 812, 28",
        "19, 500, 3136, 12845056, 28, 504",
        "7, 9, 3136, 12845056, 56, 84",
        "13, 2600, 1, 1003520, 28, 28",
        "10, 10, 1, 1003520, 28, 28",
        "3000, 4000, 3136, 1003520, 840, 1148",
        "4000, 3000, 3136, 28224, 168, 140",
        "8000, 8000, 3136, 12845056, 3584, 3584",
        "6000, 30, 784, 784, 392, 28",
        "30, 6000, 3136, 3136, 28, 784",
        "1080, 1920, 3136, 1003520, 728, 1316",
        "55, 57, 3136, 12845056, 56, 56",
        "57, 1009, 1000000, 1003520, 252, 4228",
        "28, 28, 784, 784, 28, 28",
    })
    void choosesTheSizeThatTransformersChooses(int height, int width, int min, int max, int newHeight, int newWidth) {
        assertThat(ImageProcessor.smartResize(height, width, 28, min, max))
                .isEqualTo(new ImageProcessor.Size(newHeight, newWidth));
    }

    @Test
    void refusesAPictureMoreThanTwoHundredTimesAsLongAsHigh() {
        ImageProcessor processor = new ImageProcessor(ImageProcessorConfig.QWEN2_VL);
        assertThatThrownBy(() -> processor.process("line.png", new RgbImage(1, 201, new byte[603]), 3136, 1_003_520))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("line.png is 1 × 201 pixels", "crop it");
        assertThatCode(() -> processor.process("line.png", new RgbImage(1, 200, new byte[600]), 3136, 1_003_520))
                .doesNotThrowAnyException();
    }

    @Test
    void countsATokenForEveryFourPatches() {
        assertThat(new ProcessedImage(8, 10, new byte[0]).tokens()).isEqualTo(20);
    }
}
