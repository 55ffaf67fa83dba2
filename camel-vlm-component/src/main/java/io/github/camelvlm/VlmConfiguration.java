package io.github.camelvlm;

import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/**
 * The options of the component and its endpoints: these, which say what is asked and what becomes of the answer, and those of
 * answers, of pictures and of the engine.
 */
@Configurer
@UriParams
public class VlmConfiguration extends AnswerConfiguration implements Cloneable {
    @UriParam
    @Metadata(
            description =
                    "The name of the adapter that answers, of those that adapters names; for chat the field model of the"
                            + " request comes first, and the model's own name there chooses none")
    private String adapter;

    @UriParam
    @Metadata(
            description =
                    "The names that chat requests may ask for the model by, separated by commas; answers to requests that"
                            + " name none have the first. The name of the model's directory by default",
            label = "advanced")
    private String servedModelNames;

    @UriParam
    @Metadata(description = "Answer chat requests whatever model they name", label = "advanced")
    private boolean anyModelName;

    @UriParam(defaultValue = DEFAULT_PROMPT)
    @Metadata(description = "The question or instruction that goes with the picture", defaultValue = DEFAULT_PROMPT)
    private String prompt = DEFAULT_PROMPT;

    @UriParam
    @Metadata(
            description =
                    "The same as prompt, under the name that Camel's openai component gives it, so that a route can"
                            + " change from one to the other by its URI")
    private String userMessage;

    @UriParam
    @Metadata(description = "The system message that precedes the conversation; without it the model's own applies")
    private String systemMessage;

    @UriParam
    @Metadata(
            description =
                    "What detect looks for, such as car,bicycle. The header CamelVlmLabels takes words that contain"
                            + " commas, and a prompt asks in words of its own instead")
    private String labels;

    @UriParam
    @Metadata(
            description =
                    "Let detect make of the body the picture as a PNG with the boxes drawn; the list is in the header"
                            + " CamelVlmBoxes then")
    private boolean annotate;

    @UriParam
    @Metadata(
            description =
                    "Put an Iterator of OpenAI chat completion chunks into the body as soon as the answer begins, for"
                            + " split(body()).streaming(), instead of the whole answer. For chat the field stream of the"
                            + " request comes first. The answer is cancelled when the exchange is done")
    private boolean streaming;

    @UriParam
    @Metadata(
            description = "Load the model when the first message comes instead of when the route starts",
            label = "advanced")
    private boolean lazyStart;

    @UriParam
    @Metadata(
            description =
                    "Go on with the conversation of the exchange: what was asked and answered before is put in front of the"
                            + " message, and this question and its answer are added to it. Streamed answers are not added")
    private boolean conversationMemory;

    @UriParam(defaultValue = VlmConstants.CONVERSATION_HISTORY)
    @Metadata(
            description = "The exchange property that holds the conversation, with conversationMemory",
            defaultValue = VlmConstants.CONVERSATION_HISTORY)
    private String conversationHistoryProperty = VlmConstants.CONVERSATION_HISTORY;

    @UriParam
    @Metadata(
            description =
                    "Keep the whole answer as an OpenAI chat completion in the exchange property CamelVlmResponse, unless it"
                            + " is streamed")
    private boolean storeFullResponse;

    /** A configuration of its own with the same values. */
    public VlmConfiguration copy() {
        try {
            return (VlmConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    @Override
    public String getAdapter() {
        return adapter;
    }

    public void setAdapter(String adapter) {
        this.adapter = adapter;
    }

    @Override
    public String getServedModelNames() {
        return servedModelNames;
    }

    public void setServedModelNames(String servedModelNames) {
        this.servedModelNames = servedModelNames;
    }

    @Override
    public boolean isAnyModelName() {
        return anyModelName;
    }

    public void setAnyModelName(boolean anyModelName) {
        this.anyModelName = anyModelName;
    }

    @Override
    public String getPrompt() {
        return prompt;
    }

    public void setPrompt(String prompt) {
        this.prompt = prompt;
    }

    @Override
    public String getUserMessage() {
        return userMessage;
    }

    public void setUserMessage(String userMessage) {
        this.userMessage = userMessage;
    }

    @Override
    public String getSystemMessage() {
        return systemMessage;
    }

    public void setSystemMessage(String systemMessage) {
        this.systemMessage = systemMessage;
    }

    @Override
    public String getLabels() {
        return labels;
    }

    public void setLabels(String labels) {
        this.labels = labels;
    }

    public boolean isAnnotate() {
        return annotate;
    }

    public void setAnnotate(boolean annotate) {
        this.annotate = annotate;
    }

    @Override
    public boolean isStreaming() {
        return streaming;
    }

    public void setStreaming(boolean streaming) {
        this.streaming = streaming;
    }

    public boolean isLazyStart() {
        return lazyStart;
    }

    public void setLazyStart(boolean lazyStart) {
        this.lazyStart = lazyStart;
    }

    @Override
    public boolean isConversationMemory() {
        return conversationMemory;
    }

    public void setConversationMemory(boolean conversationMemory) {
        this.conversationMemory = conversationMemory;
    }

    @Override
    public String getConversationHistoryProperty() {
        return conversationHistoryProperty;
    }

    public void setConversationHistoryProperty(String conversationHistoryProperty) {
        this.conversationHistoryProperty = conversationHistoryProperty;
    }

    public boolean isStoreFullResponse() {
        return storeFullResponse;
    }

    public void setStoreFullResponse(boolean storeFullResponse) {
        this.storeFullResponse = storeFullResponse;
    }
}
