package io.github.camelvlm.openai;

import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.FrameLimits;
import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.chat.Video;
import io.github.camelvlm.chat.VideoFrames;
import io.github.camelvlm.chat.VideoPart;
import java.util.ArrayList;
import java.util.List;

/** Says in the words of the domain what a {@link VideoContent} shows. */
final class VideoPartMapper {
    private VideoPartMapper() {}

    /**
     * Maps a video.
     *
     * @param path where the request shows it
     * @param otherwise what the request says of all its pictures and videos; null for nothing
     * @param images fetches it
     * @throws InvalidRequestException if a value is out of its range
     * @throws UnreadablePictureException if it is not to be had
     */
    static VideoPart part(VideoContent video, String path, MmProcessorKwargs otherwise, ImageResolver images) {
        try {
            FrameSampling sampling = video.sampling();
            FrameLimits limits = video.limits();
            if (otherwise != null) {
                sampling = sampling.orElse(otherwise.sampling());
                limits = limits.orElse(otherwise.frameLimits());
            }
            if (video.video() == null) {
                String url = video.videoUrl() == null ? null : video.videoUrl().url();
                Video shown = images.resolveVideo(url, video.uuid(), sampling);
                return new VideoPart(atRate(shown, video.fps()), limits, path);
            }
            List<EncodedImage> frames = new ArrayList<>();
            for (String frame : video.video()) {
                frames.add(images.resolve(frame));
            }
            VideoFrames listed = new VideoFrames("in the request", frames, video.listFps());
            if (video.uuid() != null) {
                images.keep(video.uuid(), listed);
            }
            return new VideoPart(listed, limits, path);
        } catch (InvalidRequestException e) {
            throw e.within(path);
        } catch (UnreadablePictureException e) {
            throw e.at(path);
        }
    }

    /** Frames that were kept come at the rate that was told with them, unless another one is. */
    private static Video atRate(Video video, Double fps) {
        return fps != null && video instanceof VideoFrames listed
                ? new VideoFrames(listed.name(), listed.frames(), fps)
                : video;
    }
}
