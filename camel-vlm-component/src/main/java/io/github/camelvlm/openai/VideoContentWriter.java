package io.github.camelvlm.openai;

import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.FrameLimits;
import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.VideoFile;
import io.github.camelvlm.chat.VideoFrames;
import io.github.camelvlm.chat.VideoPart;
import io.github.camelvlm.chat.VideoProfile;
import io.github.camelvlm.media.PictureType;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes videos as other servers read them: the way back of {@link VideoPartMapper}. */
final class VideoContentWriter {
    /** What Matroska and WebM begin with. */
    private static final byte MATROSKA = 0x1A;

    private VideoContentWriter() {}

    /** @param base64 writes a file in base64, or what is to stand for it */
    static VideoContent content(VideoPart part, Function<EncodedImage, String> base64) {
        FrameLimits limits = part.limits();
        if (part.video() instanceof VideoFrames frames) {
            boolean areJpeg = frames.frames().stream()
                    .allMatch(frame -> PictureType.of(frame.bytes()).equals(Optional.of(PictureType.JPEG)));
            return new VideoContent(
                    areJpeg ? new VideoContent.VideoUrl(joined(frames, base64)) : null,
                    areJpeg
                            ? null
                            : frames.frames().stream()
                                    .map(frame -> DataUrlWriter.beginning(frame.bytes()) + base64.apply(frame))
                                    .toList(),
                    frames.fps(),
                    null,
                    null,
                    null,
                    null,
                    null,
                    limits.minPixels(),
                    limits.maxPixels(),
                    limits.totalPixels(),
                    profile(limits.profile()),
                    null);
        }
        VideoFile file = (VideoFile) part.video();
        FrameSampling sampling = file.sampling();
        return new VideoContent(
                new VideoContent.VideoUrl(beginning(file) + base64.apply(new EncodedImage(file.name(), file.bytes()))),
                null,
                sampling.fps(),
                sampling.frames(),
                sampling.minFrames(),
                sampling.maxFrames(),
                sampling.start(),
                sampling.end(),
                limits.minPixels(),
                limits.maxPixels(),
                limits.totalPixels(),
                profile(sampling.profile()),
                null);
    }

    private static String profile(VideoProfile profile) {
        return profile == null ? null : profile.option();
    }

    /** vLLM's way to send frames, which takes JPEG alone. */
    private static String joined(VideoFrames frames, Function<EncodedImage, String> base64) {
        return frames.frames().stream().map(base64).collect(Collectors.joining(",", VideoContentReader.FRAMES, ""));
    }

    private static String beginning(VideoFile file) {
        if (PictureType.of(file.bytes()).isPresent()) {
            return DataUrlWriter.beginning(file.bytes());
        }
        boolean isMatroska = file.bytes().length > 0 && file.bytes()[0] == MATROSKA;
        return "data:video/" + (isMatroska ? "webm" : "mp4") + ";base64,";
    }
}
