package io.github.camelvlm.openai;

import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Video;
import io.github.camelvlm.chat.VideoFrames;

/** Turns the {@code url} of a picture or a video into its bytes. It decides which addresses may be used at all. */
@FunctionalInterface
public interface ImageResolver {

    /**
     * Fetches a picture.
     *
     * @param url what the request wrote: a {@code data:} URL, an address, a file name
     * @throws io.github.camelvlm.chat.InvalidRequestException if the address is malformed or may not be used
     * @throws io.github.camelvlm.chat.UnreadablePictureException if there is no picture to be had from it
     */
    EncodedImage resolve(String url);

    /**
     * Fetches a picture, and keeps it under a name, or gives one that was kept. One that keeps none knows none.
     *
     * @param url as in {@link #resolve(String)}; null for one that was kept
     * @param uuid its name; null for a picture without one
     * @throws io.github.camelvlm.chat.InvalidRequestException if the address is malformed or may not be used, or nothing is
     *     kept under the name
     * @throws io.github.camelvlm.chat.UnreadablePictureException if there is no picture to be had from it
     */
    default EncodedImage resolve(String url, String uuid) {
        if (url == null) {
            throw new InvalidRequestException("uuid", "is not taken here: send the picture as image_url");
        }
        return resolve(url);
    }

    /**
     * Fetches a video, and keeps it under a name, or gives one that was kept. One that fetches pictures alone refuses all.
     *
     * @param url what the request wrote: a {@code data:} URL, an address, a file name; null for one that was kept
     * @param uuid its name; null for a video without one
     * @param sampling which of its frames are shown, if it is a file
     * @throws io.github.camelvlm.chat.InvalidRequestException if the address is malformed or may not be used, or nothing is
     *     kept under the name
     * @throws io.github.camelvlm.chat.UnreadablePictureException if there is no video to be had from it
     */
    default Video resolveVideo(String url, String uuid, FrameSampling sampling) {
        throw new InvalidRequestException("video_url", "is not taken here: send its frames as a list of pictures");
    }

    /**
     * Keeps frames that a request lists, to be given by {@link #resolveVideo}. One that keeps none does nothing.
     *
     * @param uuid the name of the video
     */
    default void keep(String uuid, VideoFrames frames) {}
}
