package io.github.camelvlm.model;

import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.VideoFrames;
import io.github.camelvlm.media.ImageDecoder;
import io.github.camelvlm.media.PictureFrames;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.media.RgbImage;
import java.util.Iterator;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The frames of a video that came as a list of pictures. */
final class VideoStills implements PictureFrames {
    private final ImageDecoder decoder;
    private final Consumer<PictureSize> check;
    private final VideoFrames video;
    private final CompletionStage<?> cancellation;
    private final Iterator<EncodedImage> rest;

    /**
     * @param check refuses sizes that the model cannot see, before a frame of them is decoded
     * @param cancellation ends what decodes a frame when it completes
     */
    VideoStills(ImageDecoder decoder, Consumer<PictureSize> check, VideoFrames video, CompletionStage<?> cancellation) {
        this.decoder = decoder;
        this.check = check;
        this.video = video;
        this.cancellation = cancellation;
        rest = video.frames().iterator();
    }

    @Override
    public int count() {
        return video.frames().size();
    }

    @Override
    public double fps() {
        return video.fps();
    }

    @Override
    public double seconds(int frame) {
        return frame / video.fps();
    }

    @Override
    public PictureSize size() {
        EncodedImage first = video.frames().get(0);
        return decoder.size(first.name(), first.bytes());
    }

    @Override
    public RgbImage next() {
        EncodedImage frame = rest.next();
        return decoder.decode(frame.name(), frame.bytes(), check, cancellation);
    }

    @Override
    public void close() {
        // The pictures are in memory anyway.
    }
}
