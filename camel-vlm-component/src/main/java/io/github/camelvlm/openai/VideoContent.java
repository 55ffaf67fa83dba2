package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.camelvlm.chat.FrameLimits;
import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.VideoProfile;
import java.util.List;

/**
 * A part that is a video: of type {@code video_url} as vLLM has it, or {@code video} as Qwen's examples have it, whose fields
 * it may have in either type.
 *
 * @param videoUrl where the file is; null if the frames are listed, or an earlier request sent it with the same {@code uuid}
 * @param video where the frames are, pictures in the order of time; null if there is a file
 * @param fps frames of each second: those shown of a file, those there are of a list; or null
 * @param nframes how many frames of a file are shown, or null
 * @param minFrames the fewest that {@code fps} makes, or null
 * @param maxFrames the most that {@code fps} makes, or null
 * @param videoStart where to begin in a file, in seconds, or null
 * @param videoEnd where to end in a file, in seconds, or null
 * @param minPixels the fewest pixels of a frame that the model shall see, or null for the engine's limit
 * @param maxPixels the most pixels of a frame that the model shall see, or null for the engine's limit
 * @param totalPixels the most pixels of all frames together, or null for the engine's limit
 * @param videoProfile by whose rules frames are chosen and sized, {@code qwen} or {@code llama-factory}, or null for the
 *     endpoint's
 * @param uuid the client's name for the file, by which later requests may show it; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record VideoContent(
        VideoUrl videoUrl,
        List<String> video,
        Double fps,
        Integer nframes,
        Integer minFrames,
        Integer maxFrames,
        Double videoStart,
        Double videoEnd,
        Integer minPixels,
        Integer maxPixels,
        Long totalPixels,
        String videoProfile,
        String uuid)
        implements ContentPart {
    static final String URL_TYPE = "video_url";
    static final String LIST_TYPE = "video";

    /** Frames of a list make as many a second unless a request says how many. */
    private static final double DEFAULT_LIST_FPS = 2;

    /** A video at an address, of which nothing else is said. */
    public static VideoContent at(String url) {
        return new VideoContent(
                new VideoUrl(url), null, null, null, null, null, null, null, null, null, null, null, null);
    }

    @Override
    @JsonProperty(index = 0)
    public String type() {
        return video == null ? URL_TYPE : LIST_TYPE;
    }

    /** Which frames of a file are shown. */
    FrameSampling sampling() {
        return new FrameSampling(fps, nframes, minFrames, maxFrames, videoStart, videoEnd, profile());
    }

    /** How many pixels its frames have. */
    FrameLimits limits() {
        return new FrameLimits(minPixels, maxPixels, totalPixels, profile());
    }

    private VideoProfile profile() {
        return VideoProfile.of("video_profile", videoProfile);
    }

    /** How many frames of a list make a second. */
    double listFps() {
        return fps == null ? DEFAULT_LIST_FPS : fps;
    }

    /**
     * Where a video is.
     *
     * @param url an address or a {@code data:} URL
     */
    public record VideoUrl(String url) {}
}
