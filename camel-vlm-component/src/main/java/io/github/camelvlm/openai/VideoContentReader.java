package io.github.camelvlm.openai;

import io.github.camelvlm.chat.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;

/** Reads the parts of a message that are videos, as clients of vLLM and Qwen's own examples write them. */
final class VideoContentReader {
    /** vLLM's way to send frames: pictures in base64, one after another, with commas between them. */
    static final String FRAMES = "data:video/jpeg;base64,";

    private VideoContentReader() {}

    static VideoContent read(JsonValue part, String type) {
        refuseOtherSizes(part);
        JsonValue video = part.get(type);
        if (video.isAbsent() && !part.get("uuid").isAbsent()) {
            return content(part, null, null);
        }
        if (video.isList()) {
            return content(part, null, frames(video));
        }
        String url = video.isObject() ? video.get("url").requireString() : video.requireString();
        return url.regionMatches(true, 0, FRAMES, 0, FRAMES.length())
                ? content(part, null, frames(url))
                : content(part, new VideoContent.VideoUrl(url), null);
    }

    private static VideoContent content(JsonValue part, VideoContent.VideoUrl url, List<String> frames) {
        JsonValue fps = part.get("fps");
        return new VideoContent(
                url,
                frames,
                // What it is called beside a list in newer examples.
                fps.isAbsent() ? part.get("sample_fps").number() : fps.number(),
                part.get("nframes").integerOrDigits(),
                part.get("min_frames").integerOrDigits(),
                part.get("max_frames").integerOrDigits(),
                part.get("video_start").number(),
                part.get("video_end").number(),
                part.get("min_pixels").integerOrDigits(),
                part.get("max_pixels").integerOrDigits(),
                part.get("total_pixels").longInteger(),
                part.get("video_profile").string(),
                part.get("uuid").string());
    }

    private static List<String> frames(JsonValue list) {
        List<String> frames = new ArrayList<>();
        for (JsonValue frame : list.list()) {
            frames.add(frame.isObject() ? frame.get("url").requireString() : frame.requireString());
        }
        if (frames.isEmpty()) {
            throw new InvalidRequestException(list.path(), "must hold at least one picture");
        }
        return frames;
    }

    private static List<String> frames(String url) {
        List<String> frames = new ArrayList<>();
        for (String frame : url.substring(FRAMES.length()).split(",", -1)) {
            frames.add("data:image/jpeg;base64," + frame);
        }
        return frames;
    }

    /** To pass over them would show the model another video than was asked for. */
    private static void refuseOtherSizes(JsonValue part) {
        for (String name : List.of("resized_height", "resized_width")) {
            if (!part.get(name).isAbsent()) {
                throw new InvalidRequestException(
                        part.get(name).path(),
                        "is not supported: say the size by min_pixels and max_pixels",
                        "unsupported_value");
            }
        }
    }
}
