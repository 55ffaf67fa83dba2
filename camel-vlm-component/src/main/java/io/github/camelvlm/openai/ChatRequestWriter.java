package io.github.camelvlm.openai;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Continuation;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.PixelLimits;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.ToolChoice;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.chat.VideoPart;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Says in OpenAI's words what a {@link ChatRequest} of the domain asks for: the way back of {@link ChatRequestMapper}.
 * Fields that are not OpenAI's, such as {@code top_k}, are named as vLLM names them, and are written only if they are set.
 */
public final class ChatRequestWriter {
    /** Of the family whose tokens are the smaller ones, since the model elsewhere is not known. */
    private static final int PIXELS_PER_TOKEN = 28 * 28;

    /** How vLLM writes "all". Its older versions do not take the 0 of transformers. */
    private static final int ALL = -1;

    private ChatRequestWriter() {}

    /**
     * Writes a request for one answer, whose pictures are data URLs.
     *
     * @param model the name of the model to ask
     * @param base64 writes a picture's file in base64, or what is to stand for it
     */
    public static ChatCompletionRequestBuilder write(
            ChatRequest request, String model, Function<EncodedImage, String> base64) {
        if (request.continuation() == Continuation.RAW) {
            throw new InvalidRequestException(
                    "prompt",
                    "cannot be passed on to the server that answers here: ask for a chat completion",
                    "unsupported_value");
        }
        MmProcessorKwargs kwargs = commonLimits(request.messages());
        ChatCompletionRequestBuilder written = ChatCompletionRequest.builder()
                .model(model)
                .messages(messages(request.messages(), kwargs == null, base64))
                .mmProcessorKwargs(kwargs)
                .addGenerationPrompt(request.continuation() == Continuation.NEW_TURN ? null : Boolean.FALSE)
                .continueFinalMessage(request.continuation() == Continuation.LAST_TURN ? Boolean.TRUE : null);
        sampling(request.sampling(), written);
        FormatMapper.write(request.sampling().format(), written);
        tools(request.tools(), written);
        return written;
    }

    private static void sampling(SamplingOptions options, ChatCompletionRequestBuilder written) {
        Integer alternatives = options.topLogprobs();
        // OpenAI takes a top_p of 0, vLLM does not.
        boolean isGreedy = options.topP() != null && options.topP() == 0;
        written.maxTokens(options.maxTokens())
                .temperature(isGreedy ? Double.valueOf(0) : options.temperature())
                .topP(isGreedy ? null : options.topP())
                .topK(options.topK() != null && options.topK() == 0 ? Integer.valueOf(ALL) : options.topK())
                .minP(options.minP())
                .repetitionPenalty(options.repetitionPenalty())
                .presencePenalty(options.presencePenalty())
                .frequencyPenalty(options.frequencyPenalty())
                .logitBias(options.logitBias())
                .stop(options.stop())
                .seed(options.seed())
                .logprobs(alternatives == null ? null : Boolean.TRUE)
                .topLogprobs(alternatives == null || alternatives == 0 ? null : alternatives)
                .ignoreEos(options.ignoreEos())
                .skipSpecialTokens(options.skipSpecialTokens())
                .minTokens(options.minTokens())
                .stopTokenIds(options.stopTokenIds())
                .includeStopStrInOutput(options.includeStop())
                .badWords(options.badWords())
                .allowedTokenIds(options.allowedTokenIds())
                .promptLogprobs(options.promptLogprobs())
                .repetitionDetection(RepetitionDetection.of(options.repetition()));
    }

    private static void tools(Tools tools, ChatCompletionRequestBuilder written) {
        if (tools.definitions().isEmpty()) {
            return;
        }
        ToolChoice choice = tools.choice();
        written.tools(tools.definitions().stream()
                        .map(tool -> new RequestTool(Json.readTree(tool.json())))
                        .toList())
                .toolChoice(
                        choice.name() != null
                                ? new RequestToolChoice(null, choice.name())
                                : new RequestToolChoice(choice.mode().name().toLowerCase(Locale.ROOT), null))
                .parallelToolCalls(tools.areParallel() ? null : Boolean.FALSE);
    }

    /** The limits that all pictures share, which is where vLLM reads them; null if they differ or there are none. */
    private static MmProcessorKwargs commonLimits(List<Message> messages) {
        Set<PixelLimits> limits = messages.stream()
                .flatMap(message -> message.parts().stream())
                .filter(ImagePart.class::isInstance)
                .map(part -> pixels((ImagePart) part))
                .collect(Collectors.toSet());
        if (limits.size() != 1 || limits.contains(PixelLimits.NONE)) {
            return null;
        }
        PixelLimits common = limits.iterator().next();
        return new MmProcessorKwargs(common.minPixels(), common.maxPixels());
    }

    /** Servers are told pixels, since they know no limit in tokens. */
    private static PixelLimits pixels(ImagePart image) {
        return image.limits().inPixels(PIXELS_PER_TOKEN);
    }

    private static List<RequestMessage> messages(
            List<Message> messages, boolean eachHasItsLimits, Function<EncodedImage, String> base64) {
        List<RequestMessage> written = new ArrayList<>();
        // The domain keeps results of tools in the order of the calls, and not their ids.
        Queue<String> calls = new ArrayDeque<>();
        for (Message message : messages) {
            message.toolCalls().stream().map(ToolCall::id).forEach(calls::add);
            written.add(new RequestMessage(
                    message.role().wireName(),
                    message.parts().stream()
                            .map(part -> part(part, eachHasItsLimits, base64))
                            .toList(),
                    message.toolCalls().stream().map(FunctionToolCall::of).toList(),
                    message.role() == Role.TOOL ? calls.poll() : null));
        }
        return written;
    }

    private static ContentPart part(Part part, boolean hasItsLimits, Function<EncodedImage, String> base64) {
        if (part instanceof TextPart text) {
            return new TextContent(text.text());
        }
        if (part instanceof VideoPart video) {
            return VideoContentWriter.content(video, base64);
        }
        ImagePart image = (ImagePart) part;
        PixelLimits limits = hasItsLimits ? pixels(image) : PixelLimits.NONE;
        return new ImageContent(
                new ImageContent.ImageUrl(
                        DataUrlWriter.beginning(image.image().bytes()) + base64.apply(image.image()), null),
                limits.minPixels(),
                limits.maxPixels());
    }
}
