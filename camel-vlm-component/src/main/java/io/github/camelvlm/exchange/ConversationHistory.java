package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Continuation;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.openai.ChatCompletionReader;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.ChatRequestMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;

/**
 * The conversation of an exchange, kept in one of its properties as a list of {@link Message}: what users and the
 * assistant said, without system messages. A route may put one there itself, of those or of maps in OpenAI's format. It is
 * read once, and the pictures that its maps name are fetched once, by {@link #before}. Empty, and kept nowhere, unless the
 * option conversationMemory is set.
 */
public final class ConversationHistory {
    private final MessageOptions options;
    private final PictureUrls pictures;
    private final Exchange exchange;

    /** Of {@link Message} and of {@link ChatCompletionRequest}, whose only message is a turn. */
    private final List<Object> written;

    private List<Message> earlier;

    /**
     * @param pictures fetches those that maps in OpenAI's format name
     * @throws InvalidRequestException if the property holds something else
     */
    public ConversationHistory(MessageOptions options, PictureUrls pictures, Exchange exchange) {
        this.options = options;
        this.pictures = pictures;
        this.exchange = exchange;
        written = turns(
                options.isConversationMemory() ? exchange.getProperty(options.getConversationHistoryProperty()) : null);
    }

    private List<Object> turns(Object history) {
        if (history == null) {
            return List.of();
        }
        if (!(history instanceof List<?> list)) {
            throw mustBeTurns(history);
        }
        List<Object> turns = new ArrayList<>();
        for (Object turn : list) {
            if (turn instanceof Message) {
                turns.add(turn);
            } else if (turn instanceof Map<?, ?> map) {
                turns.add(ChatCompletionReader.read(Map.of("messages", List.of(map))));
            } else {
                throw mustBeTurns(turn);
            }
        }
        return turns;
    }

    private InvalidRequestException mustBeTurns(Object other) {
        return new InvalidRequestException(
                options.getConversationHistoryProperty(),
                "must be a list of " + Message.class.getName() + " or of maps with role and content, but holds "
                        + (other == null ? "null" : other.getClass().getName()));
    }

    /**
     * The question that a body of text is, in a conversation that has begun: who goes on in it need not show a picture.
     *
     * @return the question, or null if the body must be a picture
     */
    public String question() {
        return exchange.getMessage().getBody() instanceof String text
                        && !PictureBodies.isPicture(text)
                        && !written.isEmpty()
                ? text
                : null;
    }

    /**
     * Refuses more pictures than may be shown at once, before any is fetched.
     *
     * @param more those of the turns to come
     * @throws InvalidRequestException if there are too many, with those of the conversation
     */
    public void requireRoomFor(long more) {
        long shown = written.stream().mapToLong(ConversationHistory::pictures).sum() + more;
        if (!written.isEmpty() && shown > options.getMaxImages()) {
            throw new InvalidRequestException(
                    "messages",
                    "hold " + shown + " pictures with those of the conversation before, but at most "
                            + options.getMaxImages() + " are taken at once: raise maxImages, or remove the property "
                            + options.getConversationHistoryProperty() + " to begin anew");
        }
    }

    private static long pictures(Object turn) {
        return turn instanceof Message message
                ? message.parts().stream().filter(ImagePart.class::isInstance).count()
                : ((ChatCompletionRequest) turn).pictures();
    }

    /**
     * The request that goes on with the conversation: its system messages, the turns so far, its other turns. To be
     * called once.
     *
     * @throws io.github.camelvlm.chat.UnreadablePictureException if a picture that a turn names cannot be had
     */
    public ChatRequest before(ChatRequest request) {
        CompletionStage<?> cancellation = RequestMapper.cancellation(exchange.getMessage());
        earlier = written.stream().map(turn -> message(turn, cancellation)).toList();
        if (earlier.isEmpty()) {
            return request;
        }
        List<Message> all = new ArrayList<>();
        request.messages().stream().filter(turn -> turn.role() == Role.SYSTEM).forEach(all::add);
        all.addAll(earlier);
        all.addAll(spoken(request));
        return request.withMessages(all);
    }

    private Message message(Object turn, CompletionStage<?> cancellation) {
        return turn instanceof Message message
                ? message
                : ChatRequestMapper.toChatRequest(
                                (ChatCompletionRequest) turn,
                                pictures.resolver(RequestMapper.owner(exchange), cancellation))
                        .messages()
                        .get(0);
    }

    /** Adds what was asked, as the message asked it, and its answer. */
    public void add(ChatRequest request, Completion answer) {
        if (!options.isConversationMemory()) {
            return;
        }
        List<Message> turns = new ArrayList<>(earlier);
        turns.addAll(spoken(request));
        Message said = new Message(Role.ASSISTANT, List.of(new TextPart(answer.text())), answer.toolCalls());
        int last = turns.size() - 1;
        if (request.continuation() == Continuation.LAST_TURN && last >= 0) {
            turns.set(last, continued(turns.get(last), said));
        } else {
            turns.add(said);
        }
        exchange.setProperty(options.getConversationHistoryProperty(), List.copyOf(turns));
    }

    private static Message continued(Message turn, Message rest) {
        List<Part> parts = new ArrayList<>(turn.parts());
        int last = parts.size() - 1;
        if (last >= 0
                && parts.get(last) instanceof TextPart begun
                && rest.parts().get(0) instanceof TextPart end) {
            parts.set(last, new TextPart(begun.text() + end.text()));
        } else {
            parts.addAll(rest.parts());
        }
        List<ToolCall> calls = new ArrayList<>(turn.toolCalls());
        calls.addAll(rest.toolCalls());
        return new Message(turn.role(), parts, calls);
    }

    private static List<Message> spoken(ChatRequest request) {
        return request.messages().stream()
                .filter(turn -> turn.role() != Role.SYSTEM)
                .toList();
    }
}
