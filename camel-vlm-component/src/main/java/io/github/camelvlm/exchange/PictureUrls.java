package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.Echo;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.UnfetchablePictureException;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.chat.Video;
import io.github.camelvlm.chat.VideoFile;
import io.github.camelvlm.chat.VideoFrames;
import io.github.camelvlm.fetch.DataUrl;
import io.github.camelvlm.fetch.MediaKind;
import io.github.camelvlm.fetch.PictureFetcher;
import io.github.camelvlm.fetch.PicturePolicy;
import io.github.camelvlm.fetch.PictureSourceException;
import io.github.camelvlm.openai.ImageResolver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** The pictures that requests name by URL or path, fetched as far as a policy allows it. */
public final class PictureUrls implements AutoCloseable {
    private static final int MAX_REDIRECTS = 3;

    private final PictureFetcher fetcher;
    private final String field;
    private final KeptMedia kept;

    /**
     * @param policy where pictures may come from
     * @param field what requests call the URL, for errors
     */
    public PictureUrls(PicturePolicy policy, String field) {
        this(policy, field, new KeptMedia(0));
    }

    private PictureUrls(PicturePolicy policy, String field, KeptMedia kept) {
        fetcher = new PictureFetcher(policy);
        this.field = field;
        this.kept = kept;
    }

    /**
     * Those of requests in OpenAI's format.
     *
     * @param kept those that requests have given names
     * @throws IllegalArgumentException if an option is out of its range
     */
    public static PictureUrls of(MessageOptions options, KeptMedia kept) {
        PicturePolicy policy = new PicturePolicy(
                list(options.getAllowedDirectories()).map(Path::of).toList(),
                list(options.getAllowedHosts()).toList(),
                options.isAllowPrivateAddresses(),
                options.getMaxImageBytes(),
                Duration.ofMillis(options.getConnectTimeout()),
                Duration.ofMillis(options.getFetchTimeout()),
                MAX_REDIRECTS);
        return new PictureUrls(policy, "image_url", kept);
    }

    private static Stream<String> list(String option) {
        return option == null
                ? Stream.empty()
                : List.of(option.split(",")).stream().map(String::strip).filter(entry -> !entry.isEmpty());
    }

    /**
     * Fetches a picture.
     *
     * @param url what the request wrote: a {@code data:} URL, an address, a file name
     * @param cancellation breaks the fetch off when it completes
     * @throws InvalidRequestException if the address is malformed or may not be used
     * @throws UnreadablePictureException if a {@code data:} URL holds no picture, or a server sends something else
     * @throws UnfetchablePictureException if nothing is to be had from it, or the fetch is broken off
     */
    public EncodedImage fetch(String url, CompletionStage<?> cancellation) {
        return fetch(MediaKind.PICTURE, url, field, cancellation, EncodedImage::new);
    }

    /**
     * Fetches a video, by the same rules.
     *
     * @throws InvalidRequestException if the address is malformed or may not be used
     * @throws UnreadablePictureException if a {@code data:} URL holds no video, or a server sends something else
     * @throws UnfetchablePictureException if nothing is to be had from it, or the fetch is broken off
     */
    private VideoFile fetchVideo(String url, FrameSampling sampling, CompletionStage<?> cancellation) {
        return fetch(
                MediaKind.VIDEO, url, "video_url", cancellation, (name, bytes) -> new VideoFile(name, bytes, sampling));
    }

    /**
     * Fetches for one request.
     *
     * @param owner whose it is; each gives names for itself
     */
    ImageResolver resolver(String owner, CompletionStage<?> cancellation) {
        return new ImageResolver() {
            @Override
            public EncodedImage resolve(String url) {
                return fetch(url, cancellation);
            }

            @Override
            public EncodedImage resolve(String url, String uuid) {
                if (url == null) {
                    KeptMedia.Kept file = kept.require(owner, MediaKind.PICTURE, uuid);
                    return new EncodedImage(file.name(), file.bytes());
                }
                EncodedImage picture = fetch(url, cancellation);
                if (uuid != null) {
                    kept.keep(owner, MediaKind.PICTURE, uuid, KeptMedia.Kept.file(picture.name(), picture.bytes()));
                }
                return picture;
            }

            @Override
            public Video resolveVideo(String url, String uuid, FrameSampling sampling) {
                if (url == null) {
                    KeptMedia.Kept file = kept.require(owner, MediaKind.VIDEO, uuid);
                    return file.frames() != null ? file.frames() : new VideoFile(file.name(), file.bytes(), sampling);
                }
                VideoFile video = fetchVideo(url, sampling, cancellation);
                if (uuid != null) {
                    kept.keep(owner, MediaKind.VIDEO, uuid, KeptMedia.Kept.file(video.name(), video.bytes()));
                }
                return video;
            }

            @Override
            public void keep(String uuid, VideoFrames frames) {
                kept.keep(owner, MediaKind.VIDEO, uuid, KeptMedia.Kept.frames(frames));
            }
        };
    }

    private <T> T fetch(
            MediaKind kind,
            String url,
            String field,
            CompletionStage<?> cancellation,
            BiFunction<String, byte[], T> made) {
        try {
            String name = DataUrl.isDataUrl(url) ? "in the request" : name(url.strip());
            return made.apply(name, fetcher.fetch(kind, url, cancellation));
        } catch (PictureSourceException e) {
            if (e.reason() == PictureSourceException.Reason.UNFETCHABLE) {
                throw new UnfetchablePictureException(e.getMessage(), e);
            }
            if (DataUrl.isDataUrl(url) || e.reason() == PictureSourceException.Reason.NO_PICTURE) {
                throw new UnreadablePictureException(e.getMessage(), e);
            }
            throw new InvalidRequestException(field, "cannot be used: " + e.getMessage());
        }
    }

    /** The last part of its path: a query string may hold secrets, and a name goes into messages. */
    private static String name(String url) {
        String path = url.replaceAll("[?#].*", "");
        return Echo.of(path.substring(path.lastIndexOf('/') + 1));
    }

    @Override
    public void close() {
        fetcher.close();
    }
}
