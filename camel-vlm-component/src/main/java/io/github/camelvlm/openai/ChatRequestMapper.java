package io.github.camelvlm.openai;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Continuation;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.PixelLimits;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.chat.TokensPart;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.chat.UnreadablePictureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Says in the words of the domain what a {@link ChatCompletionRequest} asks for. */
public final class ChatRequestMapper {
    /** The most tokens of a picture whose {@code detail} is {@code low}. */
    static final int LOW_DETAIL_TOKENS = 256;

    /** Those that leave a picture the size that the model's limits give it, the largest there is. */
    private static final Set<String> DETAILS = Set.of("high", "original", "auto");

    /** The most answers to one request. */
    static final int MAX_ANSWERS = 8;

    private ChatRequestMapper() {}

    /**
     * Maps a request. The model it names is left to the caller, who knows which models there are.
     *
     * @param images fetches the pictures, in the order of the messages; what it throws is passed on
     * @throws InvalidRequestException if a value is out of its range, or asks for what cannot be done
     */
    public static ChatRequest toChatRequest(ChatCompletionRequest request, ImageResolver images) {
        if (request.raw() && request.messages().size() > 1) {
            throw new InvalidRequestException("prompt", "must be one");
        }
        return toChatRequests(request, images).get(0);
    }

    /**
     * Maps a request, of which each prompt without a chat template is one by itself.
     *
     * @see #toChatRequest
     * @throws InvalidRequestException if a value is out of its range, or asks for what cannot be done
     */
    public static List<ChatRequest> toChatRequests(ChatCompletionRequest request, ImageResolver images) {
        answers(request);
        // Before the messages, so that a wrong number costs no fetching of pictures.
        SamplingOptions sampling = sampling(request);
        Continuation continuation = continuation(request);
        Tools tools = ToolMapper.tools(request);
        MmProcessorKwargs kwargs = request.mmProcessorKwargs();
        List<Message> messages = new ArrayList<>();
        for (RequestMessage message : request.messages()) {
            String path = "messages[" + messages.size() + "]";
            Message turn = message(message, path, kwargs, images);
            messages.add(request.raw() ? turn : placed(turn));
        }
        if (request.raw()) {
            return messages.stream()
                    .map(prompt -> new ChatRequest(List.of(prompt), tools, continuation, sampling, null))
                    .toList();
        }
        return List.of(new ChatRequest(messages, tools, continuation, sampling, null));
    }

    /**
     * The number of answers that are asked for.
     *
     * @throws InvalidRequestException if it is out of its range
     */
    public static int answers(ChatCompletionRequest request) {
        if (request.n() == null) {
            return 1;
        }
        if (request.n() < 1 || request.n() > MAX_ANSWERS) {
            throw new InvalidRequestException("n", "must be between 1 and " + MAX_ANSWERS + ", but is " + request.n());
        }
        return request.n();
    }

    private static Continuation continuation(ChatCompletionRequest request) {
        if (request.raw()) {
            return Continuation.RAW;
        }
        boolean isNewTurn = !Boolean.FALSE.equals(request.addGenerationPrompt());
        if (!Boolean.TRUE.equals(request.continueFinalMessage())) {
            return isNewTurn ? Continuation.NEW_TURN : Continuation.NONE;
        }
        if (isNewTurn) {
            throw new InvalidRequestException(
                    "continue_final_message",
                    "needs add_generation_prompt to be false: either a turn is begun or one goes on");
        }
        return Continuation.LAST_TURN;
    }

    private static SamplingOptions sampling(ChatCompletionRequest request) {
        return SamplingOptions.builder()
                .maxTokens(maxTokens(request))
                .temperature(request.temperature())
                .topP(request.topP())
                .topK(request.topK() != null && request.topK() == -1 ? Integer.valueOf(0) : request.topK())
                .minP(request.minP())
                .repetitionPenalty(request.repetitionPenalty())
                .presencePenalty(request.presencePenalty())
                .frequencyPenalty(request.frequencyPenalty())
                .logitBias(request.logitBias())
                .stop(request.stop())
                .seed(request.seed())
                .topLogprobs(topLogprobs(request))
                .ignoreEos(request.ignoreEos())
                .skipSpecialTokens(request.skipSpecialTokens())
                .minTokens(request.minTokens())
                .stopTokenIds(request.stopTokenIds())
                .includeStop(request.includeStopStrInOutput())
                .badWords(request.badWords())
                .allowedTokenIds(request.allowedTokenIds())
                .promptLogprobs(request.promptLogprobs())
                .repetition(
                        request.repetitionDetection() == null
                                ? null
                                : request.repetitionDetection().bounds())
                .format(FormatMapper.format(request))
                .build();
    }

    private static Integer maxTokens(ChatCompletionRequest request) {
        Integer limit = request.maxCompletionTokens();
        if (limit == null) {
            return request.maxTokens();
        }
        if (limit < 1) {
            throw new InvalidRequestException("max_completion_tokens", "must be at least 1, but is " + limit);
        }
        return limit;
    }

    private static Integer topLogprobs(ChatCompletionRequest request) {
        Integer alternatives = request.topLogprobs();
        if (Boolean.TRUE.equals(request.logprobs())) {
            return alternatives == null ? Integer.valueOf(0) : alternatives;
        }
        if (alternatives != null && alternatives != 0) {
            throw new InvalidRequestException("top_logprobs", "needs logprobs to be true");
        }
        return null;
    }

    private static Message message(
            RequestMessage message, String path, MmProcessorKwargs kwargs, ImageResolver images) {
        PixelLimits limits = limits(kwargs);
        Role role = role(message.role(), path + ".role");
        List<Part> parts = new ArrayList<>();
        for (ContentPart part : message.parts()) {
            String place = path + ".content[" + parts.size() + "]";
            parts.add(
                    part instanceof VideoContent video
                            ? VideoPartMapper.part(video, place, kwargs, images)
                            : part(part, place, limits, images));
        }
        return new Message(role, parts, ToolMapper.calls(message));
    }

    private static Message placed(Message turn) {
        return new Message(turn.role(), ImageMarkers.place(turn.parts()), turn.toolCalls());
    }

    private static Role role(String role, String path) {
        return switch (role) {
            case "system", "developer" -> Role.SYSTEM;
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "tool" -> Role.TOOL;
            default ->
                throw new InvalidRequestException(
                        path,
                        "must be system, developer, user, assistant or tool, but is \"" + JsonValue.clip(role) + "\"");
        };
    }

    private static Part part(ContentPart part, String path, PixelLimits otherwise, ImageResolver images) {
        if (part instanceof TextContent text) {
            return new TextPart(text.text());
        }
        if (part instanceof TokensContent tokens) {
            return new TokensPart(tokens.ids());
        }
        ImageContent image = (ImageContent) part;
        PixelLimits limits = limits(image, path).orElse(otherwise);
        try {
            String url = image.imageUrl() == null ? null : image.imageUrl().url();
            return new ImagePart(images.resolve(url, image.uuid()), limits, path);
        } catch (InvalidRequestException e) {
            throw e.within(path);
        } catch (UnreadablePictureException e) {
            throw e.at(path);
        }
    }

    private static PixelLimits limits(MmProcessorKwargs kwargs) {
        return kwargs == null
                ? PixelLimits.NONE
                : limits(kwargs.minPixels(), kwargs.maxPixels(), null, "mm_processor_kwargs");
    }

    private static PixelLimits limits(Integer minPixels, Integer maxPixels, Integer maxTokens, String path) {
        try {
            return new PixelLimits(minPixels, maxPixels, maxTokens);
        } catch (InvalidRequestException e) {
            throw e.within(path);
        }
    }

    private static PixelLimits limits(ImageContent image, String path) {
        String detail = image.imageUrl() == null ? null : image.imageUrl().detail();
        boolean isLow = "low".equals(detail);
        if (detail != null && !isLow && !DETAILS.contains(detail)) {
            throw new InvalidRequestException(
                    path + ".image_url.detail",
                    "must be low, high, original or auto, but is \"" + JsonValue.clip(detail) + "\"");
        }
        return limits(image.minPixels(), image.maxPixels(), isLow ? LOW_DETAIL_TOKENS : null, path);
    }
}
