package io.github.camelvlm.qwen;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.ContextLengthException;
import io.github.camelvlm.chat.Continuation;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.PixelLimits;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.media.ImageDecoder;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.RgbImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

/**
 * Turns a conversation into what the model takes: pictures decoded and sized, the template rendered, tokens and their
 * positions. Safe for use by many threads.
 */
public final class PromptCompiler {
    /**
     * A picture becomes at most 1280 tokens unless a request says otherwise. Published models allow 16,384, which exhausts
     * the memory of most machines on a phone's photo.
     */
    public static final int DEFAULT_MAX_PIXELS = 1_003_520;

    private final QwenModel model;
    private final ImageDecoder decoder;
    private final ImageProcessor processor;
    private final PixelLimits defaultLimits;
    private final int contextLength;

    PromptCompiler(QwenModel model, ImageDecoder decoder, int contextLength) {
        this.model = model;
        this.decoder = decoder;
        this.contextLength = contextLength;
        processor = new ImageProcessor(model.pixels());
        defaultLimits = new PixelLimits(
                model.pixels().minPixels(), Math.min(model.pixels().maxPixels(), DEFAULT_MAX_PIXELS));
    }

    /**
     * Compiles a request that somebody is sure to wait for.
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
                ToolPrompt.messages(request), ToolPrompt.continuation(request), cancellation.toCompletableFuture());
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

    private CompiledPrompt compile(List<Message> messages, Continuation continuation, Future<?> cancellation) {
        // Text first: it is cheaper to find too long than pictures are to decode.
        int[] template = model.template().encode(messages, continuation);
        requireFits(template.length);
        List<ImagePart> parts = messages.stream()
                .flatMap(message -> message.parts().stream())
                .filter(ImagePart.class::isInstance)
                .map(ImagePart.class::cast)
                .toList();
        int imageToken = model.config().imageToken();
        if (Arrays.stream(template).filter(id -> id == imageToken).count() != parts.size()) {
            throw new InvalidRequestException(
                    "messages", "hold pictures where the model's chat template shows none: put them into user turns");
        }
        List<PromptPicture> pictures = new ArrayList<>();
        int length = template.length;
        int next = 0;
        int[] ids = new int[length];
        int at = 0;
        for (int id : template) {
            if (id == imageToken) {
                requireWanted(parts.get(next), cancellation);
                PromptPicture picture = picture(parts.get(next++), at);
                pictures.add(picture);
                length += picture.tokens() - 1;
                requireFits(length);
                ids = Arrays.copyOf(ids, length);
                Arrays.fill(ids, at, at + picture.tokens(), imageToken);
                at += picture.tokens();
            } else {
                ids[at++] = id;
            }
        }
        List<MropePositions.Grid> grids = pictures.stream()
                .map(picture -> new MropePositions.Grid(
                        picture.image().gridHeight(), picture.image().gridWidth()))
                .toList();
        return new CompiledPrompt(ids, MropePositions.of(ids, imageToken, grids), pictures);
    }

    private static void requireWanted(ImagePart part, Future<?> cancellation) {
        if (cancellation.isDone()) {
            throw new UnreadablePictureException(
                    "picture " + part.image().name() + " was not decoded: nobody waits for it any more", null);
        }
    }

    private PromptPicture picture(ImagePart part, int firstToken) {
        String name = part.image().name();
        PixelLimits limits = part.limits().orElse(defaultLimits);
        try {
            RgbImage decoded = decoder.decode(
                    name, part.image().bytes(), size -> ImageProcessor.requireShape(name, size.width(), size.height()));
            ProcessedImage image = processor.process(name, decoded, limits.minPixels(), limits.maxPixels());
            return new PromptPicture(name, decoded.width(), decoded.height(), image, image.digest(), firstToken);
        } catch (ImageException e) {
            throw new UnreadablePictureException(e.getMessage(), e).at(part.place());
        }
    }

    private void requireFits(int tokens) {
        if (tokens >= contextLength) {
            throw new ContextLengthException("are too long: the prompt has " + tokens
                    + " tokens or more, and the context holds " + contextLength
                    + " with the answer. Shorten the text, send fewer or smaller pictures (maxPixels), or raise"
                    + " contextLength");
        }
    }
}
