package io.github.camelvlm;

import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.observation.ObservedEndpoint;
import io.github.camelvlm.registry.VlmEngines;
import java.util.regex.Pattern;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Describe pictures and chat about them with a Qwen-VL model that runs inside the JVM. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "vlm",
        title = "VLM",
        syntax = "vlm:operation",
        category = {Category.AI},
        producerOnly = true,
        remote = false,
        headersClass = VlmConstants.class)
public class VlmEndpoint extends DefaultEndpoint implements ObservedEndpoint {
    private static final Pattern SECRETS = Pattern.compile(
            "([?&](?:" + String.join("|", new VlmEndpointUriFactory().secretPropertyNames())
                    + "))=(RAW\\(.*?\\)(?=&|$)|RAW\\{.*?}(?=&|$)|[^&]*)",
            Pattern.CASE_INSENSITIVE);

    @UriPath(enums = "describe,extract,classify,detect,chat,models,tokenize,detokenize")
    @Metadata(
            description =
                    "What to do with a message: describe makes a caption of the pictures in its body, extract data of the"
                            + " form that jsonSchema or outputClass describes, classify tells which of the choices the picture in its"
                            + " body is, detect what is where in it, chat answers the"
                            + " OpenAI chat completion request in its body, models lists the models that can be asked"
                            + " for as OpenAI does, tokenize and detokenize answer vLLM's requests of these names",
            required = true)
    private VlmOperation operation;

    @UriParam
    private VlmConfiguration configuration;

    private volatile VlmEngine engine;
    private volatile String modelName;

    public VlmEndpoint(String uri, VlmComponent component, VlmOperation operation, VlmConfiguration configuration) {
        super(uri, component);
        this.operation = operation;
        this.configuration = configuration;
    }

    @Override
    public Producer createProducer() {
        return new VlmProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException(
                "Nothing can be consumed from vlm: write to(\"" + getEndpointUri() + "\")");
    }

    /** The engine of this endpoint, loaded on the first call unless another endpoint has loaded it before. */
    VlmEngine engine() {
        VlmEngine held = engine;
        if (held == null) {
            held = VlmEngines.of(getCamelContext()).engine(configuration);
            engine = held;
        }
        // Servers may come to tell of another model.
        modelName = held.model();
        return held;
    }

    /** Its URI without the values of secrets. Camel would hide whatever has token or user in its name, as maxTokens has. */
    @Override
    public String toString() {
        return SECRETS.matcher(getEndpointUri()).replaceAll("$1=xxxxxx");
    }

    @Override
    public String modelName() {
        return modelName != null ? modelName : String.valueOf(configuration.getModel());
    }

    @Override
    public String operationName() {
        return operation.name();
    }

    @Override
    public boolean isGenerating() {
        return switch (operation) {
            case describe, extract, classify, detect, chat -> true;
            case models, tokenize, detokenize -> false;
        };
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        engine = null;
    }

    @Override
    protected void doStop() throws Exception {
        // The context closes it, and a start after that loads another.
        engine = null;
        super.doStop();
    }

    public VlmOperation getOperation() {
        return operation;
    }

    public void setOperation(VlmOperation operation) {
        this.operation = operation;
    }

    public VlmConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(VlmConfiguration configuration) {
        this.configuration = configuration;
    }
}
