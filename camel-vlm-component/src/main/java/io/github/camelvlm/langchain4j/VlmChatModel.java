package io.github.camelvlm.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.camelvlm.VlmModel;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.VlmException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * LangChain4j's chat model, answered by a model in this JVM. What a request leaves open is as the model's options say.
 * Failures are LangChain4j's exceptions; what is not served is refused by name with an {@code UnsupportedFeatureException}
 * or {@code InvalidRequestException}.
 */
public final class VlmChatModel implements ChatModel {
    private final VlmModel model;
    private final List<ChatModelListener> listeners;

    /** @param model answers; the caller that loaded it closes it */
    public VlmChatModel(VlmModel model) {
        this(model, List.of());
    }

    /**
     * @param model answers; the caller that loaded it closes it
     * @param listeners are told of requests and answers
     */
    public VlmChatModel(VlmModel model, List<ChatModelListener> listeners) {
        this.model = model;
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        Map<String, Object> conversation = ConversationWriter.write(request);
        try (Generation generation = model.ask(conversation, new CompletableFuture<>())) {
            return Answers.response(generation.await());
        } catch (VlmException e) {
            throw Failures.of(e);
        } catch (InterruptedException e) {
            throw Failures.interrupted(e);
        }
    }

    @Override
    public List<ChatModelListener> listeners() {
        return listeners;
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }
}
