package io.github.camelvlm.qwen;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.model.JsonFile;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * How a model wants its pictures: what {@code preprocessor_config.json} says.
 *
 * @param minPixels the fewest pixels (width × height) of a picture as the model sees it
 * @param maxPixels the most pixels of a picture as the model sees it
 * @param patchSize the side of a patch in pixels
 * @param mergeSize the side, in patches, of the square that becomes one token
 * @param temporalPatchSize the frames of a patch; a picture counts as that many equal ones
 * @param mean subtracted from red, green and blue after they are divided by 255
 * @param std what red, green and blue are then divided by
 */
public record ImageProcessorConfig(
        int minPixels,
        int maxPixels,
        int patchSize,
        int mergeSize,
        int temporalPatchSize,
        List<Double> mean,
        List<Double> std) {

    /** Pixels are numbers from 0 to 1 when they are normalized. */
    private static final double MAX_NORMALIZER = 1000;

    private static final double RESCALE_FACTOR = 1.0 / 255;

    /** Those of Qwen2-VL and Qwen2.5-VL. */
    public static final ImageProcessorConfig QWEN2_VL = new ImageProcessorConfig(
            56 * 56,
            12_845_056,
            14,
            2,
            2,
            List.of(0.48145466, 0.4578275, 0.40821073),
            List.of(0.26862954, 0.26130258, 0.27577711));

    /** Those of Qwen3-VL. */
    public static final ImageProcessorConfig QWEN3_VL =
            new ImageProcessorConfig(256 * 256, 4096 * 4096, 16, 2, 2, List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));

    /** @throws IllegalArgumentException if a size is below 1, the limits are crossed, or mean or std are not three */
    public ImageProcessorConfig {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        require(minPixels >= 1, "min_pixels must be at least 1, but is " + minPixels);
        require(maxPixels >= minPixels, "max_pixels must be at least min_pixels, but is " + maxPixels);
        require(patchSize >= 1, "patch_size must be at least 1, but is " + patchSize);
        require(mergeSize >= 1, "merge_size must be at least 1, but is " + mergeSize);
        require(temporalPatchSize >= 1, "temporal_patch_size must be at least 1, but is " + temporalPatchSize);
        require(mean.size() == 3, "image_mean must hold 3 numbers, but holds " + mean.size());
        require(
                mean.stream().allMatch(m -> Math.abs(m) <= MAX_NORMALIZER),
                "image_mean must hold numbers from -" + MAX_NORMALIZER + " to " + MAX_NORMALIZER + ", but is " + mean);
        require(
                std.size() == 3 && std.stream().allMatch(s -> s >= 1 / MAX_NORMALIZER && s <= MAX_NORMALIZER),
                "image_std must hold 3 numbers above 0 (from " + 1 / MAX_NORMALIZER + " to " + MAX_NORMALIZER
                        + "), but is " + std);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** The side in pixels of the square that becomes one token, to whose multiples pictures are brought. */
    public int cell() {
        return patchSize * mergeSize;
    }

    /**
     * Reads a {@code preprocessor_config.json}. The limits stand in {@code min_pixels} and {@code max_pixels}, or in
     * {@code size} as {@code shortest_edge} and {@code longest_edge}, where transformers means pixels by them, too.
     *
     * @param defaults what holds where the file says nothing
     * @throws ModelLoadException if the file is missing or broken, or a value in it cannot be used
     */
    static ImageProcessorConfig read(Path directory, ImageProcessorConfig defaults) {
        JsonFile file = JsonFile.read(directory, "preprocessor_config.json");
        JsonNode json = file.root();
        JsonNode size = json.path("size");
        try {
            for (String step : List.of("do_convert_rgb", "do_resize", "do_rescale", "do_normalize")) {
                require(
                        json.path(step).asBoolean(true),
                        step + " must be true, as for every Qwen-VL, but is " + json.path(step));
            }
            double factor = json.path("rescale_factor").asDouble(RESCALE_FACTOR);
            require(
                    Math.abs(factor - RESCALE_FACTOR) <= 1e-9,
                    "rescale_factor must be 1/255, as for every Qwen-VL, but is " + factor);
            return new ImageProcessorConfig(
                    whole(json, "min_pixels", whole(size, "shortest_edge", defaults.minPixels)),
                    whole(json, "max_pixels", whole(size, "longest_edge", defaults.maxPixels)),
                    whole(json, "patch_size", defaults.patchSize),
                    whole(json, "merge_size", defaults.mergeSize),
                    whole(json, "temporal_patch_size", defaults.temporalPatchSize),
                    numbers(json, "image_mean", defaults.mean),
                    numbers(json, "image_std", defaults.std));
        } catch (IllegalArgumentException e) {
            throw new ModelLoadException(file.path() + ": " + e.getMessage(), e);
        }
    }

    private static int whole(JsonNode json, String field, int otherwise) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        require(
                value.isIntegralNumber() && value.canConvertToInt(),
                field + " must be a whole number, but is " + value);
        return value.intValue();
    }

    private static List<Double> numbers(JsonNode json, String field, List<Double> otherwise) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        require(value.isArray(), field + " must be a list of numbers, but is " + value);
        value.forEach(number -> require(number.isNumber(), field + " must be a list of numbers, but is " + value));
        return StreamSupport.stream(value.spliterator(), false)
                .map(JsonNode::doubleValue)
                .toList();
    }
}
