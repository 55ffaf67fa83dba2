package io.github.camelvlm;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.exchange.ConversationHistory;
import io.github.camelvlm.exchange.PictureUrls;
import io.github.camelvlm.exchange.RequestMapper;
import io.github.camelvlm.exchange.ServedNames;
import io.github.camelvlm.exchange.SystemFingerprint;
import io.github.camelvlm.observation.ObservedAnswer;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChunkStream;
import io.github.camelvlm.openai.ResponseMetadata;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.SynchronizationAdapter;

/** The engine of an endpoint, as the operations ask it on behalf of an exchange. */
final class AskedEngine {
    private final VlmEndpoint endpoint;
    private final RequestMapper requests;
    private final PictureUrls urls;

    AskedEngine(VlmEndpoint endpoint, RequestMapper requests, PictureUrls urls) {
        this.endpoint = endpoint;
        this.requests = requests;
        this.urls = urls;
    }

    /** The engine itself. */
    VlmEngine get() {
        return endpoint.engine();
    }

    /** The options of the endpoint. */
    VlmConfiguration options() {
        return endpoint.getConfiguration();
    }

    /** What was said before in an exchange. */
    ConversationHistory conversation(Exchange exchange) {
        return new ConversationHistory(endpoint.getConfiguration(), urls, exchange);
    }

    /** What answers: an adapter, or one of several models; null for the model as it is. */
    String chosen(String model, Message message, ObservedAnswer observed) {
        VlmEngine engine = endpoint.engine();
        String chosen = served(engine.info()).chosen(model, requests.adapter(message));
        observed.asked(engine.of(chosen).model());
        return chosen;
    }

    /**
     * What answers say of the model.
     *
     * @throws io.github.camelvlm.chat.ModelNotServedException if the request asks for another one
     */
    ResponseMetadata metadata(String model, String adapter) {
        ModelInfo info = endpoint.engine().info();
        String name = served(info).require(model);
        return ResponseMetadata.create(
                adapter == null ? name : adapter,
                SystemFingerprint.of(endpoint.engine().of(adapter).info()));
    }

    /** The answers to a request, as they are made. */
    List<Generation> begin(ChatRequest request, int answers, Message message) {
        return endpoint.engine().generate(request, answers, RequestMapper.cancellation(message));
    }

    /** The answers to all of these requests, or none. */
    List<Generation> begin(List<ChatRequest> prompts, int answers, Message message) {
        List<Generation> begun = new ArrayList<>();
        try {
            for (ChatRequest prompt : prompts) {
                begun.addAll(begin(prompt, answers, message));
            }
            return begun;
        } catch (RuntimeException | Error e) {
            begun.forEach(Generation::cancel);
            throw e;
        }
    }

    /** Waits for answers; where that is interrupted or one fails, none runs on. */
    static List<Completion> await(List<Generation> generations) throws InterruptedException {
        try {
            List<Completion> completions = new ArrayList<>();
            for (Generation generation : generations) {
                completions.add(generation.await());
            }
            return completions;
        } finally {
            // An interrupted route leaves no generation running for which no thread waits.
            generations.forEach(Generation::cancel);
        }
    }

    /** Makes a body of chunks as they are made. */
    static void stream(ChunkStream chunks, Exchange exchange, ObservedAnswer observed) {
        // The chunks are read within the exchange; nothing runs on for a client that has gone.
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                chunks.close();
                observed.streamed(chunks.completions(), done);
            }
        });
        Message message = exchange.getMessage();
        message.setHeader(VlmConstants.RESPONSE_MODEL, chunks.metadata().model());
        message.setHeader(VlmConstants.RESPONSE_ID, chunks.metadata().id());
        message.setBody(chunks);
    }

    /** Keeps the whole answer where an option says so. */
    void keep(ChatCompletion answer, Exchange exchange) {
        if (endpoint.getConfiguration().isStoreFullResponse()) {
            exchange.setProperty(VlmConstants.RESPONSE, answer);
        }
    }

    private ServedNames served(ModelInfo info) {
        return ServedNames.of(endpoint.getConfiguration(), info);
    }
}
