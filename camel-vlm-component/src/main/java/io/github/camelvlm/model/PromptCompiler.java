package io.github.camelvlm.model;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.ContextLengthException;
import io.github.camelvlm.chat.Continuation;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.PixelLimits;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.chat.TokensPart;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.chat.Video;
import io.github.camelvlm.chat.VideoFile;
import io.github.camelvlm.chat.VideoFrames;
import io.github.camelvlm.chat.VideoPart;
import io.github.camelvlm.media.ImageDecoder;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.PictureFrames;
import io.github.camelvlm.media.RgbImage;
import io.github.camelvlm.video.VideoDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Turns a conversation into what the model takes: pictures and frames decoded and sized, the template rendered, tokens and their
 * positions. Safe for use by many threads.
 */
public final class PromptCompiler {
    private final ChatTemplate template;
    private final VisionInput vision;
    private final ImageDecoder decoder;
    private final VideoDecoder films;
    private final int contextLength;

    /**
     * @param template the model's
     * @param vision the model's
     * @param decoder reads the pictures' files
     * @param films reads the videos' files
     * @param contextLength the most tokens that a prompt and its answer may have together
     */
    public PromptCompiler(
            ChatTemplate template, VisionInput vision, ImageDecoder decoder, VideoDecoder films, int contextLength) {
        this.template = template;
        this.vision = vision;
        this.decoder = decoder;
        this.films = films;
        this.contextLength = contextLength;
    }

    /**
     * Compiles a request that is never cancelled.
     *
     * @see #compile(ChatRequest, CompletionStage)
     */
    public CompiledPrompt compile(ChatRequest request) {
        return compile(request, new CompletableFuture<>());
    }

    /**
     * Compiles a request: its conversation and its tools.
     *
     * @param cancellation no further picture is decoded once it has completed
     * @throws UnreadablePictureException if a picture cannot be decoded, is refused or is not wanted any more
     * @throws ContextLengthException if the prompt leaves no room for an answer in the context
     * @throws InvalidRequestException if the conversation is at fault otherwise
     */
    public CompiledPrompt compile(ChatRequest request, CompletionStage<?> cancellation) {
        return compile(
                ToolPrompt.messages(request, template.defaultSystemMessage()),
                ToolPrompt.continuation(request),
                cancellation.toCompletableFuture());
    }

    /**
     * Compiles a conversation without tools, to be answered in a new turn.
     *
     * @throws UnreadablePictureException if a picture cannot be decoded or is refused
     * @throws ContextLengthException if the prompt leaves no room for an answer in the context
     * @throws InvalidRequestException if the conversation is at fault otherwise
     */
    public CompiledPrompt compile(List<Message> messages) {
        return compile(messages, Continuation.NEW_TURN, new CompletableFuture<>());
    }

    private CompiledPrompt compile(
            List<Message> messages, Continuation continuation, CompletableFuture<?> cancellation) {
        List<Part> parts = messages.stream()
                .flatMap(message -> message.parts().stream())
                .filter(part -> !(part instanceof TextPart || part instanceof TokensPart))
                .toList();
        List<PromptVideo> videos = new ArrayList<>();
        try {
            openVideos(parts, videos, cancellation);
            // Text first: it is cheaper to find too long than pictures are to decode.
            int[] rendered = template.encode(
                    messages,
                    continuation,
                    videos.stream().map(PromptVideo::text).toList());
            PromptBuilder prompt = new PromptBuilder(rendered.length, contextLength);
            requireShown(rendered, parts, videos, continuation);
            Iterator<ImagePart> pictures = parts.stream()
                    .filter(ImagePart.class::isInstance)
                    .map(ImagePart.class::cast)
                    .iterator();
            Iterator<PromptVideo> stretches =
                    videos.stream().flatMap(PromptCompiler::stretches).iterator();
            for (int id : rendered) {
                if (id == vision.imageToken()) {
                    ImagePart part = pictures.next();
                    requireWanted("picture " + part.image().name(), cancellation);
                    prompt.addPicture(picture(part, prompt.next(), cancellation), id);
                } else if (id == vision.videoToken()) {
                    addFrames(stretches.next(), prompt, cancellation);
                } else {
                    prompt.add(id);
                }
            }
            return prompt.build(vision);
        } finally {
            Closing.each(videos, PromptVideo::close);
        }
    }

    /** @param opened takes up those that are open, also where another cannot be */
    private void openVideos(List<Part> parts, List<PromptVideo> opened, CompletableFuture<?> cancellation) {
        long tokens = 0;
        for (Part part : parts) {
            if (part instanceof VideoPart video) {
                PromptVideo open = reading(
                        video.place(), () -> new PromptVideo(video, vision, frames(video.video(), cancellation)));
                opened.add(open);
                tokens += open.tokens();
                PromptBuilder.requireFits(tokens, contextLength);
            }
        }
    }

    private PictureFrames frames(Video video, CompletableFuture<?> cancellation) {
        if (video instanceof VideoFile file) {
            return films.open(file, cancellation);
        }
        return new VideoStills(
                decoder,
                size -> vision.requireShape(video.name(), size.width(), size.height()),
                (VideoFrames) video,
                cancellation);
    }

    private void requireShown(int[] rendered, List<Part> parts, List<PromptVideo> videos, Continuation continuation) {
        long pictures = parts.stream().filter(ImagePart.class::isInstance).count();
        long shown = count(rendered, vision.imageToken());
        if (shown != pictures && continuation == Continuation.RAW) {
            throw new InvalidRequestException(
                    "prompt",
                    "has " + shown + " places for pictures, but " + pictures
                            + " pictures are sent: write one <|vision_start|><|image_pad|><|vision_end|> for each of"
                            + " images");
        }
        if (shown != pictures) {
            throw new InvalidRequestException(
                    "messages", "hold pictures where the model's chat template shows none: put them into user turns");
        }
        long stretches = videos.stream().flatMap(PromptCompiler::stretches).count();
        if (count(rendered, vision.videoToken()) != stretches) {
            throw new InvalidRequestException("messages", "hold videos, which this model does not take");
        }
    }

    private static long count(int[] ids, int wanted) {
        return Arrays.stream(ids).filter(id -> id == wanted).count();
    }

    /** A video, once for each token that stands for frames of it in the rendered template. */
    private static Stream<PromptVideo> stretches(PromptVideo video) {
        return Collections.nCopies(video.text().stretches(), video).stream();
    }

    private static void requireWanted(String what, Future<?> cancellation) {
        if (cancellation.isDone()) {
            throw new UnreadablePictureException(what + " was not decoded: its request was cancelled", null);
        }
    }

    private PromptPicture picture(ImagePart part, int firstToken, CompletionStage<?> cancellation) {
        String name = part.image().name();
        return reading(part.place(), () -> {
            PixelLimits limits = part.limits().within(vision.defaultLimits(), vision.pixelsPerToken());
            RgbImage decoded = decoder.decode(
                    name,
                    part.image().bytes(),
                    size -> vision.requireShape(name, size.width(), size.height()),
                    cancellation);
            ProcessedImage image = vision.process(name, decoded, limits);
            return new PromptPicture(name, decoded.width(), decoded.height(), image, image.digest(), firstToken);
        });
    }

    /** Adds as many pairs of frames as one token of the rendered template stands for. */
    private void addFrames(PromptVideo video, PromptBuilder prompt, Future<?> cancellation) {
        List<PromptPicture> pairs = new ArrayList<>();
        int firstToken = prompt.next();
        int wanted = video.pairs() / video.text().stretches();
        while (pairs.size() < wanted) {
            requireWanted("video " + video.name(), cancellation);
            ProcessedImage pair = reading(video.part().place(), video::nextPair);
            pairs.add(new PromptPicture(
                    video.name(), video.size().width(), video.size().height(), pair, pair.digest(), firstToken));
            firstToken += pair.tokens();
        }
        prompt.addPairs(pairs, vision.videoToken(), video.secondsOfPair());
    }

    private static <T> T reading(String place, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (InvalidRequestException e) {
            throw place == null ? e : e.within(place);
        } catch (ImageException e) {
            throw new UnreadablePictureException(e.getMessage(), e).at(place);
        }
    }
}
