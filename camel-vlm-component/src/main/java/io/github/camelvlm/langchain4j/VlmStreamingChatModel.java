package io.github.camelvlm.langchain4j;

import dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.github.camelvlm.VlmModel;
import io.github.camelvlm.chat.Delta;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.VlmException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * LangChain4j's streaming chat model, answered by a model in this JVM. A request's pictures are read on the calling thread;
 * its handler is called by a thread of its own, of which there are as many as requests that the model takes at once. A
 * handler that cancels the answer is told nothing more of it. Failures are those of {@link VlmChatModel}.
 */
public final class VlmStreamingChatModel implements StreamingChatModel {
    private final VlmModel model;
    private final List<ChatModelListener> listeners;

    /** @param model answers; the caller that loaded it closes it */
    public VlmStreamingChatModel(VlmModel model) {
        this(model, List.of());
    }

    /**
     * @param model answers; the caller that loaded it closes it
     * @param listeners are told of requests and answers
     */
    public VlmStreamingChatModel(VlmModel model, List<ChatModelListener> listeners) {
        this.model = model;
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        Generation begun = null;
        try {
            Generation generation = model.ask(ConversationWriter.write(request), new CompletableFuture<>());
            begun = generation;
            Thread reader = new Thread(() -> read(generation, handler), "vlm-langchain4j");
            reader.setDaemon(true);
            reader.start();
        } catch (RuntimeException | Error e) {
            if (begun != null) {
                begun.close();
            }
            fail(e, handler);
        }
    }

    private static void read(Generation generation, StreamingChatResponseHandler handler) {
        Handle handle = new Handle(generation);
        try (generation) {
            int calls = 0;
            Optional<Delta> next = generation.next();
            while (next.isPresent() && !handle.isCancelled()) {
                Delta delta = next.get();
                if (!delta.text().isEmpty()) {
                    InternalStreamingChatResponseHandlerUtils.onPartialResponse(handler, delta.text(), handle);
                }
                for (ToolCall call : delta.toolCalls()) {
                    InternalStreamingChatResponseHandlerUtils.onCompleteToolCall(
                            handler, new CompleteToolCall(calls, Answers.call(call)));
                    calls++;
                }
                next = generation.next();
            }
            if (!handle.isCancelled()) {
                InternalStreamingChatResponseHandlerUtils.onCompleteResponse(
                        handler, Answers.response(generation.await()));
            }
        } catch (InterruptedException e) {
            fail(Failures.interrupted(e), handler);
        } catch (RuntimeException | Error e) {
            // A handler that cancels is told nothing more.
            if (!handle.isCancelled()) {
                fail(e, handler);
            }
        }
    }

    /** An {@link Error} too: the caller would wait for ever otherwise. */
    private static void fail(Throwable failure, StreamingChatResponseHandler handler) {
        Throwable told = failure instanceof VlmException known ? Failures.of(known) : failure;
        InternalStreamingChatResponseHandlerUtils.withLoggingExceptions(() -> handler.onError(told));
    }

    private static final class Handle implements StreamingHandle {
        private final Generation generation;
        private volatile boolean isCancelled;

        Handle(Generation generation) {
            this.generation = generation;
        }

        @Override
        public void cancel() {
            isCancelled = true;
            generation.cancel();
        }

        @Override
        public boolean isCancelled() {
            return isCancelled;
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
