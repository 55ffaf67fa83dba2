package io.github.camelvlm.model;

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
    private final ChatTemplate template;
    private final VisionInput vision;
    private final ImageDecoder decoder;
    private final int contextLength;

    /**
     * @param template the model's
     * @param vision the model's
     * @param decoder reads the pictures' files
     * @param contextLength the most tokens that a prompt and its answer may have together
     */
    public PromptCompiler(ChatTemplate template, VisionInput vision, ImageDecoder decoder, int contextLength) {
        this.template = template;
        this.vision = vision;
        this.decoder = decoder;
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

    private CompiledPrompt compile(List<Message> messages, Continuation continuation, Future<?> cancellation) {
        // Text first: it is cheaper to find too long than pictures are to decode.
        int[] rendered = template.encode(messages, continuation);
        requireFits(rendered.length);
        List<ImagePart> parts = messages.stream()
                .flatMap(message -> message.parts().stream())
                .filter(ImagePart.class::isInstance)
                .map(ImagePart.class::cast)
                .toList();
        int imageToken = vision.imageToken();
        if (Arrays.stream(rendered).filter(id -> id == imageToken).count() != parts.size()) {
            throw new InvalidRequestException(
                    "messages", "hold pictures where the model's chat template shows none: put them into user turns");
        }
        List<PromptPicture> pictures = new ArrayList<>();
        int length = rendered.length;
        int next = 0;
        int[] ids = new int[length];
        int at = 0;
        for (int id : rendered) {
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
        List<ProcessedImage> images =
                pictures.stream().map(PromptPicture::image).toList();
        return new CompiledPrompt(ids, vision.positions(ids, images), pictures);
    }

    private static void requireWanted(ImagePart part, Future<?> cancellation) {
        if (cancellation.isDone()) {
            throw new UnreadablePictureException(
                    "picture " + part.image().name() + " was not decoded: nobody waits for it any more", null);
        }
    }

    private PromptPicture picture(ImagePart part, int firstToken) {
        String name = part.image().name();
        try {
            PixelLimits limits = part.limits().within(vision.defaultLimits(), vision.pixelsPerToken());
            RgbImage decoded = decoder.decode(
                    name, part.image().bytes(), size -> vision.requireShape(name, size.width(), size.height()));
            ProcessedImage image = vision.process(name, decoded, limits);
            return new PromptPicture(name, decoded.width(), decoded.height(), image, image.digest(), firstToken);
        } catch (InvalidRequestException e) {
            throw part.place() == null ? e : e.within(part.place());
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
