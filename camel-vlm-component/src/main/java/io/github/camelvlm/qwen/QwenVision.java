package io.github.camelvlm.qwen;

import io.github.camelvlm.chat.PixelLimits;
import io.github.camelvlm.media.RgbImage;
import io.github.camelvlm.model.ProcessedImage;
import io.github.camelvlm.model.TokenPositions;
import io.github.camelvlm.model.VisionInput;
import java.util.List;

/** How a Qwen-VL takes pictures into a prompt. */
final class QwenVision implements VisionInput {
    private final int imageToken;
    private final ImageProcessor processor;
    private final int pixelsPerToken;
    private final PixelLimits defaultLimits;

    QwenVision(int imageToken, ImageProcessorConfig config) {
        this.imageToken = imageToken;
        processor = new ImageProcessor(config);
        pixelsPerToken = config.cell() * config.cell();
        defaultLimits =
                new PixelLimits(config.minPixels(), Math.min(config.maxPixels(), DEFAULT_MAX_TOKENS * pixelsPerToken));
    }

    @Override
    public int imageToken() {
        return imageToken;
    }

    @Override
    public int pixelsPerToken() {
        return pixelsPerToken;
    }

    @Override
    public PixelLimits defaultLimits() {
        return defaultLimits;
    }

    @Override
    public void requireShape(String name, int width, int height) {
        ImageProcessor.requireShape(name, width, height);
    }

    @Override
    public ProcessedImage process(String name, RgbImage image, PixelLimits limits) {
        return processor.process(name, image, limits.minPixels(), limits.maxPixels());
    }

    @Override
    public TokenPositions positions(int[] ids, List<ProcessedImage> images) {
        return MropePositions.of(
                ids,
                imageToken,
                images.stream()
                        .map(image -> new MropePositions.Grid(image.gridHeight(), image.gridWidth()))
                        .toList());
    }
}
