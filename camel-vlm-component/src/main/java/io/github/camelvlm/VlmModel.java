package io.github.camelvlm;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.exchange.AskedForms;
import io.github.camelvlm.exchange.KeptMedia;
import io.github.camelvlm.exchange.PictureUrls;
import io.github.camelvlm.exchange.RequestMapper;
import io.github.camelvlm.exchange.ServedNames;
import io.github.camelvlm.observation.ObservedAnswer;
import io.github.camelvlm.observation.ObservedGeneration;
import io.github.camelvlm.openai.ChatCompletionReader;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.registry.VlmEngines;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;

/**
 * A model that Java asks without a route, by the options that an endpoint {@code vlm:chat} has. It is what the chat models
 * of other frameworks stand on; several may share one. Safe for use by many threads.
 */
public final class VlmModel implements AutoCloseable {
    private final VlmConfiguration options;
    private final VlmEngines engines;
    private final boolean isOwner;
    private final PictureUrls pictures;
    private final RequestMapper requests;

    private VlmModel(VlmConfiguration options, VlmEngines engines, CamelContext context) {
        this.options = options;
        this.engines = engines;
        isOwner = context == null;
        pictures = PictureUrls.of(options, new KeptMedia(KeptMedia.DEFAULT_BYTES));
        requests = new RequestMapper(options, pictures, new AskedForms(options, context));
        requests.requireValid();
    }

    /**
     * Loads a model by itself, without a Camel context. The caller closes it.
     *
     * @param model a directory, or an id on the Hugging Face Hub
     * @param others sets further options
     * @throws io.github.camelvlm.chat.ModelLoadException if it cannot be loaded
     * @throws IllegalArgumentException if an option is out of its range, or is one of a route alone
     */
    public static VlmModel load(String model, Consumer<VlmConfiguration> others) {
        VlmConfiguration options = new VlmConfiguration();
        options.setModel(model);
        others.accept(options);
        requireNoForm(options);
        VlmEngines engines = VlmEngines.standalone();
        try {
            VlmModel loaded = new VlmModel(options, engines, null);
            if (!options.isLazyStart()) {
                loaded.engine();
            }
            return loaded;
        } catch (RuntimeException | Error e) {
            // What the caller does not get, the caller cannot close.
            try {
                engines.stop();
            } catch (RuntimeException | Error further) {
                e.addSuppressed(further);
            }
            throw e;
        }
    }

    /**
     * Loads a model by itself with the options as they are.
     *
     * @see #load(String, Consumer)
     */
    public static VlmModel load(String model) {
        return load(model, options -> {});
    }

    /** A schema's file and a class are looked for by a context. */
    private static void requireNoForm(VlmConfiguration options) {
        if (options.getJsonSchema() != null
                || options.getOutputClass() != null
                || options.getChoices() != null
                || options.getRegex() != null) {
            throw new IllegalArgumentException("jsonSchema, outputClass, choices and regex are options of routes: leave"
                    + " them out, and ask for a form with each request");
        }
    }

    /**
     * The model of a Camel context's component {@code vlm}, with its options, shared with the endpoints that name it too.
     * It is loaded with the first question unless an endpoint has loaded it, and closed with the context.
     *
     * @throws IllegalArgumentException if an option is out of its range
     */
    public static VlmModel of(CamelContext context) {
        VlmConfiguration options = context.getComponent("vlm", VlmComponent.class)
                .getConfiguration()
                .copy();
        return new VlmModel(options, VlmEngines.of(context), context);
    }

    private VlmEngine engine() {
        return engines.engine(options);
    }

    /**
     * Begins to answer a conversation.
     *
     * @param conversation a chat completion request as OpenAI has it, as maps, lists, strings, numbers and booleans
     * @param cancellation ends the answer when it completes
     * @throws io.github.camelvlm.chat.InvalidRequestException if it cannot be answered as it is; it names the field
     * @throws io.github.camelvlm.chat.UnreadablePictureException if a picture cannot be read
     * @throws io.github.camelvlm.chat.ModelNotServedException if it asks for another model
     * @throws io.github.camelvlm.chat.QueueFullException if too many requests wait already
     * @throws io.github.camelvlm.chat.EngineUnavailableException if the engine is closed or has failed
     * @throws io.github.camelvlm.chat.ModelLoadException if the model is not loaded yet, and cannot be
     */
    public Generation ask(Map<String, ?> conversation, CompletionStage<?> cancellation) {
        ObservedAnswer observed = new ObservedAnswer(() -> String.valueOf(options.getModel()), engines.observer());
        try {
            return new ObservedGeneration(begin(ChatCompletionReader.read(conversation), cancellation), observed);
        } catch (RuntimeException | Error e) {
            observed.failed(e);
            throw e;
        }
    }

    private Generation begin(ChatCompletionRequest request, CompletionStage<?> cancellation) {
        VlmEngine engine = engine();
        ModelInfo info = engine.info();
        ServedNames served = ServedNames.of(options, info);
        served.require(request.model());
        String adapter = served.adapter(request.model(), requests.adapter(null));
        ChatRequest asked = requests.chat(request, cancellation).withAdapter(adapter);
        return engine.generate(asked, 1, cancellation).get(0);
    }

    /** Ends fetches of pictures; closes the model too, unless it is one of a Camel context, which closes it. */
    @Override
    public void close() {
        Closing.all(pictures::close, () -> {
            if (isOwner) {
                engines.stop();
            }
        });
    }
}
