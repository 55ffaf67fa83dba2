package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Continuation;
import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.PixelLimits;
import io.github.camelvlm.chat.Video;
import io.github.camelvlm.chat.VideoFile;
import io.github.camelvlm.chat.VideoFrames;
import io.github.camelvlm.chat.VideoPart;
import io.github.camelvlm.document.Documents;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.ChatRequestMapper;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.camel.Message;

/** Makes requests of conversations in OpenAI's format: headers and options fill in what they leave open. */
final class Conversations {
    private final MessageOptions options;
    private final PictureUrls pictures;
    private final MessageSettings settings;
    private final ShownMedia media;
    private final RepetitionGuard guard;

    /** @param pictures fetches those that a conversation names */
    Conversations(
            MessageOptions options,
            PictureUrls pictures,
            MessageSettings settings,
            ShownMedia media,
            RepetitionGuard guard) {
        this.options = options;
        this.pictures = pictures;
        this.settings = settings;
        this.media = media;
        this.guard = guard;
    }

    /**
     * What a conversation asks. Several only where prompts are sent without a chat template, one of each.
     *
     * @param message whose headers come before the options; null for none
     * @param cancellation breaks off the fetch of a picture when it completes
     */
    List<ChatRequest> of(ChatCompletionRequest request, Message message, CompletionStage<?> cancellation) {
        // Before any is fetched.
        RequestMapper.requireFewEnough(request.pictures(), options.getMaxImages());
        return ChatRequestMapper.toChatRequests(
                        request,
                        pictures.resolver(
                                RequestMapper.owner(message == null ? null : message.getExchange()), cancellation))
                .stream()
                .map(asked -> completed(asked, message, cancellation))
                .toList();
    }

    private ChatRequest completed(ChatRequest asked, Message message, CompletionStage<?> cancellation) {
        PixelLimits limits = settings.pixels(message);
        List<io.github.camelvlm.chat.Message> turns = asked.messages().stream()
                .map(turn -> new io.github.camelvlm.chat.Message(
                        turn.role(),
                        turn.parts().stream()
                                .flatMap(part -> shown(part, limits, message, cancellation).stream())
                                .toList(),
                        turn.toolCalls()))
                .toList();
        boolean showsDocument = asked.messages().stream()
                .flatMap(turn -> turn.parts().stream())
                .anyMatch(part -> part instanceof ImagePart image
                        && Documents.isDocument(image.image().bytes()));
        return guard.of(
                new ChatRequest(
                        asked.continuation() == Continuation.RAW ? turns : settings.withSystemMessage(turns, message),
                        asked.tools(),
                        asked.continuation(),
                        asked.sampling().orElse(settings.sampling(message)),
                        settings.timeLimit(message)),
                showsDocument,
                message);
    }

    private List<Part> shown(Part part, PixelLimits limits, Message message, CompletionStage<?> cancellation) {
        if (part instanceof ImagePart image) {
            return media.parts(
                    new ImagePart(image.image(), image.limits().orElse(limits), image.place()), message, cancellation);
        }
        if (part instanceof VideoPart video) {
            requireFewEnoughFrames(video);
            try {
                return List.of(new VideoPart(
                        withinMost(video.video(), message),
                        video.limits().orElse(media.ofFrames(limits, message)),
                        video.place()));
            } catch (InvalidRequestException e) {
                throw e.within(video.place());
            }
        }
        return List.of(part);
    }

    private void requireFewEnoughFrames(VideoPart part) {
        int most = options.getMaxFrames();
        int frames = part.video() instanceof VideoFrames list
                ? list.frames().size()
                : most(((VideoFile) part.video()).sampling());
        if (frames > most) {
            throw new InvalidRequestException(
                    part.place(),
                    "shows " + frames + " frames, but at most " + most + " are taken: show fewer, or raise maxFrames");
        }
    }

    private Video withinMost(Video video, Message message) {
        if (video instanceof VideoFile file) {
            FrameSampling sampling =
                    file.sampling().orElse(media.sampling(message)).within(options.getMaxFrames());
            return new VideoFile(file.name(), file.bytes(), sampling);
        }
        return video;
    }

    private static int most(FrameSampling sampling) {
        return Stream.of(sampling.frames(), sampling.minFrames(), sampling.maxFrames())
                .filter(Objects::nonNull)
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }
}
