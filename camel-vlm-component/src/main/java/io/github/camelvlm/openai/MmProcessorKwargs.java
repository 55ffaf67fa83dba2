package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.camelvlm.chat.FrameLimits;
import io.github.camelvlm.chat.FrameSampling;

/**
 * How the pictures and videos of a request are prepared, as vLLM has it.
 *
 * @param minPixels the fewest pixels that the model shall see, or null
 * @param maxPixels the most pixels that the model shall see, or null
 * @param totalPixels the most pixels of all frames of a video together, or null
 * @param fps how many frames of each second of a video are shown, or null
 * @param numFrames how many of its frames are shown, or null
 * @param minFrames the fewest that {@code fps} makes, or null
 * @param maxFrames the most that {@code fps} makes, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record MmProcessorKwargs(
        Integer minPixels,
        Integer maxPixels,
        Long totalPixels,
        Double fps,
        Integer numFrames,
        Integer minFrames,
        Integer maxFrames) {

    /** Of pictures alone. */
    public MmProcessorKwargs(Integer minPixels, Integer maxPixels) {
        this(minPixels, maxPixels, null, null, null, null, null);
    }

    static MmProcessorKwargs read(JsonValue kwargs) {
        return new MmProcessorKwargs(
                kwargs.requireObject().get("min_pixels").integerOrDigits(),
                kwargs.get("max_pixels").integerOrDigits(),
                kwargs.get("total_pixels").longInteger(),
                kwargs.get("fps").number(),
                kwargs.get("num_frames").integerOrDigits(),
                kwargs.get("min_frames").integerOrDigits(),
                kwargs.get("max_frames").integerOrDigits());
    }

    /** Which frames of a video file are shown. */
    @JsonIgnore
    FrameSampling sampling() {
        return new FrameSampling(fps, numFrames, minFrames, maxFrames, null, null);
    }

    /** How many pixels the frames of a video have. */
    @JsonIgnore
    FrameLimits frameLimits() {
        return new FrameLimits(minPixels, maxPixels, totalPixels);
    }
}
