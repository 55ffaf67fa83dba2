package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.camelvlm.chat.FrameLimits;
import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.VideoProfile;

/**
 * How the pictures and videos of a request are prepared, as vLLM has it, and LLaMA-Factory's settings of videos.
 *
 * @param minPixels the fewest pixels that the model shall see, or null
 * @param maxPixels the most pixels that the model shall see, or null
 * @param totalPixels the most pixels of all frames of a video together, or null
 * @param fps how many frames of each second of a video are shown, or null
 * @param numFrames how many of its frames are shown, or null
 * @param minFrames the fewest that {@code fps} makes, or null
 * @param maxFrames the most that {@code fps} makes, {@code video_maxlen} of LLaMA-Factory, or null
 * @param videoProfile by whose rules frames are chosen and sized, {@code qwen} or {@code llama-factory}, or null
 * @param videoMinPixels the fewest pixels of a frame, where they are others than those of pictures, or null
 * @param videoMaxPixels the most pixels of a frame, where they are others than those of pictures, or null
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
        Integer maxFrames,
        String videoProfile,
        Integer videoMinPixels,
        Integer videoMaxPixels) {

    /** Of pictures alone. */
    public MmProcessorKwargs(Integer minPixels, Integer maxPixels) {
        this(minPixels, maxPixels, null, null, null, null, null, null, null, null);
    }

    static MmProcessorKwargs read(JsonValue kwargs) {
        return new MmProcessorKwargs(
                kwargs.requireObject().get("min_pixels").integerOrDigits(),
                kwargs.get("max_pixels").integerOrDigits(),
                kwargs.get("total_pixels").longInteger(),
                either(kwargs, "fps", "video_fps").number(),
                kwargs.get("num_frames").integerOrDigits(),
                kwargs.get("min_frames").integerOrDigits(),
                either(kwargs, "max_frames", "video_maxlen").integerOrDigits(),
                kwargs.get("video_profile").string(),
                kwargs.get("video_min_pixels").integerOrDigits(),
                kwargs.get("video_max_pixels").integerOrDigits());
    }

    private static JsonValue either(JsonValue kwargs, String name, String ofLlamaFactory) {
        JsonValue value = kwargs.get(name);
        return value.isAbsent() ? kwargs.get(ofLlamaFactory) : value;
    }

    /** Which frames of a video file are shown. */
    @JsonIgnore
    FrameSampling sampling() {
        return new FrameSampling(fps, numFrames, minFrames, maxFrames, null, null, profile());
    }

    /** How many pixels the frames of a video have. */
    @JsonIgnore
    FrameLimits frameLimits() {
        return new FrameLimits(
                videoMinPixels != null ? videoMinPixels : minPixels,
                videoMaxPixels != null ? videoMaxPixels : maxPixels,
                totalPixels,
                profile());
    }

    private VideoProfile profile() {
        return VideoProfile.of("video_profile", videoProfile);
    }
}
