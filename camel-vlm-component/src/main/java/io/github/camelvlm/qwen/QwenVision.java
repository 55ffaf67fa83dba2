package io.github.camelvlm.qwen;

import io.github.camelvlm.chat.FrameLimits;
import io.github.camelvlm.chat.PixelLimits;
import io.github.camelvlm.chat.VideoProfile;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.media.RgbImage;
import io.github.camelvlm.model.FrameSizes;
import io.github.camelvlm.model.ProcessedImage;
import io.github.camelvlm.model.PromptVisual;
import io.github.camelvlm.model.TokenPositions;
import io.github.camelvlm.model.VideoText;
import io.github.camelvlm.model.VisionInput;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Collectors;

/** How a Qwen-VL takes pictures and videos into a prompt. */
final class QwenVision implements VisionInput {
    /** What the chat templates write for a video. */
    private static final String VIDEO = "<|vision_start|><|video_pad|><|vision_end|>";

    // The limits of qwen_vl_utils, in tokens.
    private static final int LEAST_FRAME_TOKENS = 128;
    private static final int MOST_FRAME_TOKENS = 768;
    private static final int MOST_VIDEO_TOKENS = 115_200;

    /** Pixels of all frames together, in {@code video_preprocessor_config.json} of every published Qwen3-VL. */
    private static final PixelLimits QWEN3_VL_VIDEO = new PixelLimits(4_096, 25_165_824);

    private final QwenConfig config;
    private final ImageProcessorConfig pixels;
    private final ImageProcessor processor;
    private final int pixelsPerToken;
    private final PixelLimits defaultLimits;

    QwenVision(QwenConfig config, ImageProcessorConfig pixels) {
        this.config = config;
        this.pixels = pixels;
        processor = new ImageProcessor(pixels);
        pixelsPerToken = pixels.cell() * pixels.cell();
        defaultLimits =
                new PixelLimits(pixels.minPixels(), Math.min(pixels.maxPixels(), DEFAULT_MAX_TOKENS * pixelsPerToken));
    }

    @Override
    public int imageToken() {
        return config.imageToken();
    }

    @Override
    public int videoToken() {
        return config.videoToken();
    }

    @Override
    public int pixelsPerToken() {
        return pixelsPerToken;
    }

    @Override
    public PixelLimits defaultLimits() {
        return defaultLimits;
    }

    private FrameLimits defaultFrameLimits() {
        return new FrameLimits(
                LEAST_FRAME_TOKENS * pixelsPerToken,
                MOST_FRAME_TOKENS * pixelsPerToken,
                (long) MOST_VIDEO_TOKENS * pixelsPerToken);
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
    public FrameSizes frameSizes(String name, PictureSize size, int frames, FrameLimits limits) {
        if (limits.profile() != VideoProfile.LLAMA_FACTORY) {
            PixelLimits ofFrame = limits.ofFrame(defaultFrameLimits(), frames);
            return new FrameSizes(null, processor.frameSize(name, size, ofFrame.minPixels(), ofFrame.maxPixels()));
        }
        PictureSize regular = RegularFrames.size(size, limits.ofRegularFrame(frames));
        return new FrameSizes(
                regular,
                config.family().tellsSeconds()
                        ? processor.filmSize(
                                name, regular, frames, QWEN3_VL_VIDEO.minPixels(), QWEN3_VL_VIDEO.maxPixels())
                        : processor.frameSize(name, regular, pixels.minPixels(), pixels.maxPixels()));
    }

    @Override
    public ProcessedImage processPair(RgbImage first, RgbImage second, FrameSizes sizes) {
        return processor.processPair(first, second, sizes);
    }

    @Override
    public VideoText videoText(List<Double> seconds) {
        return config.family().tellsSeconds()
                ? new VideoText(
                        VIDEO,
                        seconds.stream()
                                .map(second -> "<" + tenths(second) + " seconds>" + VIDEO)
                                .collect(Collectors.joining()),
                        seconds.size())
                : new VideoText(VIDEO, VIDEO, 1);
    }

    /** As Python writes {@code %.1f}: of two that are as near, the even one. */
    private static String tenths(double seconds) {
        return new BigDecimal(seconds).setScale(1, RoundingMode.HALF_EVEN).toPlainString();
    }

    @Override
    public TokenPositions positions(int tokens, List<PromptVisual> visuals) {
        return MropePositions.of(tokens, visuals, config.vision().tokensPerSecond());
    }
}
