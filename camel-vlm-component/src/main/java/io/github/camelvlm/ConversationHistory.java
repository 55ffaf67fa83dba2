package io.github.camelvlm;

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
import io.github.camelvlm.media.DataUrl;
import io.github.camelvlm.openai.ChatCompletionReader;
import io.github.camelvlm.openai.ChatRequestMapper;
import io.github.camelvlm.openai.ImageResolver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;

/**
 * The conversation of an exchange, kept in one of its properties as a list of {@link Message}: what users and the
 * assistant said, without system messages. A route may put one there itself, of those or of maps in OpenAI's format. Does
 * nothing unless the option conversationMemory is set.
 */
final class ConversationHistory {
    private final VlmConfiguration options;
    private final PictureUrls pictures;

    /** @param pictures fetches those that maps in OpenAI's format name */
    ConversationHistory(VlmConfiguration options, PictureUrls pictures) {
        this.options = options;
        this.pictures = pictures;
    }

    /**
     * The question that a body of text is, in a conversation that has begun: who goes on in it need not show a picture.
     *
     * @return the question, or null if the body must be a picture
     */
    String question(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof String text
                        && !DataUrl.isDataUrl(text)
                        && !turns(exchange).isEmpty()
                ? text
                : null;
    }

    /**
     * The request that goes on with the conversation: its system messages, the turns so far, its other turns.
     *
     * @throws InvalidRequestException if the property holds something else, or there are too many pictures by now
     */
    ChatRequest before(ChatRequest request, Exchange exchange) {
        List<Message> earlier = turns(exchange);
        if (earlier.isEmpty()) {
            return request;
        }
        List<Message> all = new ArrayList<>();
        request.messages().stream().filter(turn -> turn.role() == Role.SYSTEM).forEach(all::add);
        all.addAll(earlier);
        all.addAll(spoken(request));
        requireFewEnough(all);
        return request.withMessages(all);
    }

    private void requireFewEnough(List<Message> turns) {
        long shown = turns.stream()
                .flatMap(turn -> turn.parts().stream())
                .filter(ImagePart.class::isInstance)
                .count();
        if (shown > options.getMaxImages()) {
            throw new InvalidRequestException(
                    "messages",
                    "hold " + shown + " pictures with those of the conversation before, but at most "
                            + options.getMaxImages() + " are taken at once: raise maxImages, or remove the property "
                            + options.getConversationHistoryProperty() + " to begin anew");
        }
    }

    /** Adds what was asked, as the message asked it, and its answer. */
    void add(ChatRequest request, Completion answer, Exchange exchange) {
        if (!options.isConversationMemory()) {
            return;
        }
        List<Message> turns = new ArrayList<>(turns(exchange));
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

    private List<Message> turns(Exchange exchange) {
        Object history =
                options.isConversationMemory() ? exchange.getProperty(options.getConversationHistoryProperty()) : null;
        if (history == null) {
            return List.of();
        }
        if (!(history instanceof List<?> list)) {
            throw mustBeTurns(history);
        }
        CompletionStage<?> cancellation = RequestMapper.cancellation(exchange.getMessage());
        return list.stream()
                .map(turn -> turn(turn, url -> pictures.fetch(url, cancellation)))
                .toList();
    }

    private Message turn(Object turn, ImageResolver resolver) {
        if (turn instanceof Message message) {
            return message;
        }
        if (turn instanceof Map<?, ?> map) {
            return ChatRequestMapper.toChatRequest(
                            ChatCompletionReader.read(Map.of("messages", List.of(map))), resolver)
                    .messages()
                    .get(0);
        }
        throw mustBeTurns(turn);
    }

    private InvalidRequestException mustBeTurns(Object other) {
        return new InvalidRequestException(
                options.getConversationHistoryProperty(),
                "must be a list of " + Message.class.getName() + " or of maps with role and content, but holds "
                        + (other == null ? "null" : other.getClass().getName()));
    }
}
