package io.github.camelvlm;

import io.github.camelvlm.exchange.MessageOptions;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of the component and its endpoints: these, which say how messages are answered, and
 * those of pictures and of the engine. */
@Configurer
@UriParams
public class VlmConfiguration extends MediaConfiguration implements MessageOptions, Cloneable {
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

    @UriParam(defaultValue = "1024")
    @Metadata(description = "The most tokens of an answer", defaultValue = "1024")
    private Integer maxTokens = 1024;

    @UriParam(javaType = "double")
    @Metadata(
            description = "How freely tokens are drawn, from 0 (always the most likely) to 2; the model's own value by"
                    + " default")
    private Double temperature;

    @UriParam(javaType = "double")
    @Metadata(
            description = "Draw only from the most likely tokens that together have this probability, from 0 to 1; the"
                    + " model's own value by default")
    private Double topP;

    @UriParam
    @Metadata(description = "Draw only from this many most likely tokens, 0 for all; the model's own value by default")
    private Integer topK;

    @UriParam(javaType = "double")
    @Metadata(
            description = "Makes tokens that occurred before less likely, 1 changes nothing; the model's own value by"
                    + " default")
    private Double repetitionPenalty;

    @UriParam(javaType = "double")
    @Metadata(
            description = "What tokens that the answer holds already are made less likely by, from -2 to 2, 0 changes"
                    + " nothing; the model's own value by default. For Qwen3-VL its makers recommend 1.5")
    private Double presencePenalty;

    @UriParam(defaultValue = "auto", enums = "auto,on,off")
    @Metadata(
            description =
                    "Whether an answer is ended where it repeats itself: the same passage three times or more, of 64 tokens"
                            + " in all, or of 1024 in all where the answer must have a form. auto ends those about documents. For"
                            + " chat the field repetition_detection of the request comes first",
            defaultValue = "auto",
            enums = "auto,on,off")
    private String repetitionGuard = "auto";

    @UriParam
    @Metadata(
            description =
                    "Text before which the answer ends; several are separated by commas. The header CamelVlmStop takes"
                            + " texts that contain commas")
    private String stop;

    @UriParam
    @Metadata(
            description = "The JSON Schema that answers must satisfy: the schema itself, or where it is, as"
                    + " resource:classpath:schema.json or resource:file:schema.json. For chat the field"
                    + " response_format of the request comes first. Of jsonSchema, outputClass, choices and regex one"
                    + " may be set",
            supportFileReference = true,
            largeInput = true,
            inputLanguage = "json")
    private String jsonSchema;

    @UriParam
    @Metadata(
            description = "The class of whose JSON answers must be, by its name; a schema is made of it by the library"
                    + " com.github.victools:jsonschema-generator with its module for Jackson, which are optional. Of"
                    + " extract the body becomes an instance of it")
    private String outputClass;

    @UriParam
    @Metadata(
            description =
                    "The texts of which an answer is one, separated by commas. The header CamelVlmChoices takes texts that"
                            + " contain commas")
    private String choices;

    @UriParam
    @Metadata(
            description =
                    "The regular expression that an answer must match as a whole, as Python's re reads it, without"
                            + " look-around and back-references")
    private String regex;

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
    @Metadata(description = "Decides the random draws, so that an answer can be had again")
    private Long seed;

    @UriParam(defaultValue = "0", javaType = "java.time.Duration")
    @Metadata(
            description =
                    "The time after which an answer is cut, in milliseconds or as 30s or 2m, waiting included; 0 for no"
                            + " limit",
            label = "advanced",
            defaultValue = "0",
            javaType = "java.time.Duration")
    private long timeLimit;

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
    public Integer getMaxTokens() {
        return maxTokens;
    }

    public void setMaxTokens(Integer maxTokens) {
        this.maxTokens = maxTokens;
    }

    @Override
    public Double getTemperature() {
        return temperature;
    }

    public void setTemperature(Double temperature) {
        this.temperature = temperature;
    }

    @Override
    public Double getTopP() {
        return topP;
    }

    public void setTopP(Double topP) {
        this.topP = topP;
    }

    @Override
    public Integer getTopK() {
        return topK;
    }

    public void setTopK(Integer topK) {
        this.topK = topK;
    }

    @Override
    public Double getRepetitionPenalty() {
        return repetitionPenalty;
    }

    public void setRepetitionPenalty(Double repetitionPenalty) {
        this.repetitionPenalty = repetitionPenalty;
    }

    @Override
    public Double getPresencePenalty() {
        return presencePenalty;
    }

    public void setPresencePenalty(Double presencePenalty) {
        this.presencePenalty = presencePenalty;
    }

    @Override
    public String getRepetitionGuard() {
        return repetitionGuard;
    }

    public void setRepetitionGuard(String repetitionGuard) {
        this.repetitionGuard = repetitionGuard;
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
    public String getStop() {
        return stop;
    }

    public void setStop(String stop) {
        this.stop = stop;
    }

    @Override
    public String getJsonSchema() {
        return jsonSchema;
    }

    public void setJsonSchema(String jsonSchema) {
        this.jsonSchema = jsonSchema;
    }

    @Override
    public String getOutputClass() {
        return outputClass;
    }

    public void setOutputClass(String outputClass) {
        this.outputClass = outputClass;
    }

    @Override
    public String getChoices() {
        return choices;
    }

    public void setChoices(String choices) {
        this.choices = choices;
    }

    @Override
    public String getRegex() {
        return regex;
    }

    public void setRegex(String regex) {
        this.regex = regex;
    }

    @Override
    public Long getSeed() {
        return seed;
    }

    public void setSeed(Long seed) {
        this.seed = seed;
    }

    @Override
    public long getTimeLimit() {
        return timeLimit;
    }

    public void setTimeLimit(long timeLimit) {
        this.timeLimit = timeLimit;
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
