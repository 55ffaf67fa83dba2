package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.Echo;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.FrameLimits;
import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.PixelLimits;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.chat.VideoFile;
import io.github.camelvlm.chat.VideoFrames;
import io.github.camelvlm.chat.VideoPart;
import io.github.camelvlm.chat.VideoProfile;
import io.github.camelvlm.document.DocumentOptions;
import io.github.camelvlm.document.DocumentPage;
import io.github.camelvlm.document.DocumentPages;
import io.github.camelvlm.document.Documents;
import io.github.camelvlm.document.PageSelection;
import io.github.camelvlm.media.Animation;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.video.VideoDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.ToIntFunction;
import org.apache.camel.Message;

/** Shows a model what files hold: pictures as they are, of documents their pages, of videos frames. */
final class ShownMedia {
    private static final double DEFAULT_FPS_OF_LIST = FrameSampling.DEFAULT_FPS;

    private final MediaOptions options;

    ShownMedia(MediaOptions options) {
        this.options = options;
    }

    /**
     * Checks the options.
     *
     * @throws InvalidRequestException if one is out of its range
     */
    void requireValid() {
        documentOptions(null, PixelLimits.NONE);
        sampling(null);
        ofFrames(PixelLimits.NONE, null);
        areVideos(null);
    }

    /**
     * All that files show.
     *
     * @param files the files of a message, at least one
     * @param message whose headers come before the options; null for none
     * @param cancellation ends what is rendered when it completes
     * @throws UnreadablePictureException if a page cannot be rendered
     */
    List<Part> parts(List<EncodedImage> files, PixelLimits limits, Message message, CompletionStage<?> cancellation) {
        if (Headers.get(message, VlmHeaders.VIDEO, Boolean.class, options.isVideo()) && !isVideoFile(files, message)) {
            Double fps = Headers.get(message, VlmHeaders.FPS, Double.class, options.getFps());
            return List.of(new VideoPart(
                    new VideoFrames("in the body", requireFewEnough(files), fps == null ? DEFAULT_FPS_OF_LIST : fps),
                    ofFrames(limits, message),
                    null));
        }
        List<Part> parts = new ArrayList<>();
        for (EncodedImage file : files) {
            parts.addAll(parts(new ImagePart(file, limits), message, cancellation));
        }
        return parts;
    }

    private boolean isVideoFile(List<EncodedImage> files, Message message) {
        return files.size() == 1 && isVideo(files.get(0).bytes(), message);
    }

    private boolean isVideo(byte[] bytes, Message message) {
        return VideoDecoder.isVideo(bytes) || areVideos(message) && Animation.isAnimated(bytes);
    }

    /** Whether animated pictures are taken as videos. */
    private boolean areVideos(Message message) {
        String form = Headers.get(message, VlmHeaders.ANIMATION, String.class, options.getAnimation());
        return switch (form) {
            case "picture" -> false;
            case "video" -> true;
            default ->
                throw new InvalidRequestException("animation", "must be picture or video, but is " + Echo.of(form));
        };
    }

    private List<EncodedImage> requireFewEnough(List<EncodedImage> frames) {
        if (frames.size() > options.getMaxFrames()) {
            throw new InvalidRequestException(
                    "body",
                    "holds " + frames.size() + " frames, but at most " + options.getMaxFrames()
                            + " are taken: show fewer, or raise maxFrames");
        }
        return frames;
    }

    /**
     * The limits of a video's frames.
     *
     * @param limits those of pictures, which hold where nothing is said of frames
     */
    FrameLimits ofFrames(PixelLimits limits, Message message) {
        return new FrameLimits(
                        Headers.get(message, VlmHeaders.VIDEO_MIN_PIXELS, Integer.class, options.getVideoMinPixels()),
                        Headers.get(message, VlmHeaders.VIDEO_MAX_PIXELS, Integer.class, options.getVideoMaxPixels()),
                        null,
                        profile(message))
                .orElse(new FrameLimits(limits.minPixels(), limits.maxPixels(), null));
    }

    private VideoProfile profile(Message message) {
        return VideoProfile.of(
                "videoProfile",
                Headers.get(message, VlmHeaders.VIDEO_PROFILE, String.class, options.getVideoProfile()));
    }

    /**
     * What one file shows, which may be a picture, a document or a video.
     *
     * @param file in the place of a picture
     * @throws UnreadablePictureException if a page cannot be rendered
     */
    List<Part> parts(ImagePart file, Message message, CompletionStage<?> cancellation) {
        byte[] bytes = file.image().bytes();
        if (isVideo(bytes, message)) {
            FrameSampling sampling = sampling(message).within(options.getMaxFrames());
            VideoFile video = new VideoFile(file.image().name(), bytes, sampling);
            return List.of(new VideoPart(video, ofFrames(file.limits(), message), file.place()));
        }
        if (!Documents.isDocument(bytes)) {
            return List.of(file);
        }
        List<Part> shown = new ArrayList<>();
        for (DocumentPage page : pages(file, message, cancellation)) {
            if (page.failure() != null) {
                throw new UnreadablePictureException(page.failure(), null).at(file.place());
            }
            shown.add(new ImagePart(page.picture(), file.limits(), file.place()));
        }
        return shown;
    }

    /** The pages of a document, also those that cannot be rendered. */
    private List<DocumentPage> pages(ImagePart file, Message message, CompletionStage<?> cancellation) {
        List<DocumentPage> all = new ArrayList<>();
        try (DocumentPages pages = open(file, message, cancellation);
                PageMemory.Share memory = PageMemory.OF_HEAP.share(message)) {
            while (pages.hasNext()) {
                DocumentPage page = pages.next();
                memory.take(page.picture() == null ? 0 : page.picture().bytes().length);
                all.add(page);
            }
            if (message != null) {
                memory.keepFor(message);
            }
        } catch (InvalidRequestException e) {
            throw file.place() == null ? e : e.within(file.place());
        }
        return all;
    }

    private DocumentPages open(ImagePart file, Message message, CompletionStage<?> cancellation) {
        try {
            return Documents.open(
                    file.image().name(), file.image().bytes(), documentOptions(message, file.limits()), cancellation);
        } catch (ImageException e) {
            throw new UnreadablePictureException(e.getMessage(), e).at(file.place());
        }
    }

    /**
     * The pages of a document by themselves, also those that cannot be rendered. A picture is its only page.
     *
     * @param known how many of the pages that are wanted are passed over, from the first on
     * @throws UnreadablePictureException if the document cannot be opened
     * @throws InvalidRequestException if pages are asked for that it does not have
     */
    PageSupply supply(ImagePart file, ToIntFunction<int[]> known, Message message, CompletionStage<?> cancellation) {
        if (!Documents.isDocument(file.image().bytes())) {
            return new PageSupply(file.image());
        }
        DocumentPages pages = open(file, message, cancellation);
        try {
            pages.skip(known.applyAsInt(pages.wanted()));
            return new PageSupply(pages, PageMemory.OF_HEAP.share(message));
        } catch (RuntimeException | Error e) {
            try (pages) {
                throw e;
            }
        }
    }

    private DocumentOptions documentOptions(Message message, PixelLimits limits) {
        String pages = Headers.get(message, VlmHeaders.PAGES, String.class, options.getPages());
        return new DocumentOptions(
                pages == null || pages.isBlank() ? PageSelection.ALL : PageSelection.of("pages", pages),
                Headers.get(message, VlmHeaders.DPI, Integer.class, options.getDpi()),
                limits.maxPixels() == null ? DocumentOptions.DEFAULT_MAX_PIXELS : limits.maxPixels(),
                options.getMaxPages(),
                Headers.get(message, VlmHeaders.DOCUMENT_PASSWORD, String.class, options.getDocumentPassword()));
    }

    /** Which pages of documents are shown, and how finely; equal texts mean equal pages. */
    String shownPages(Message message, PixelLimits limits) {
        DocumentOptions shown = documentOptions(message, limits);
        return shown.pages() + " " + shown.dpi() + " " + shown.maxPixels();
    }

    /** Which frames of a video file are shown where a request says nothing. */
    FrameSampling sampling(Message message) {
        return new FrameSampling(
                Headers.get(message, VlmHeaders.FPS, Double.class, options.getFps()),
                null,
                null,
                Headers.get(message, VlmHeaders.VIDEO_MAXLEN, Integer.class, options.getVideoMaxlen()),
                null,
                null,
                profile(message));
    }
}
