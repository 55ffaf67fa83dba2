package io.github.camelvlm.exchange;

/** The options of an endpoint that say how its messages are answered, as far as these do not say it themselves. */
public interface MessageOptions extends MediaOptions {
    /** The question that is asked where the message has none. */
    String DEFAULT_PROMPT = "Describe this image.";

    /** The same of data. */
    String EXTRACT_PROMPT = "Extract the data from this image.";

    /** What is asked of a picture, unless {@code userMessage} says something else. */
    String getPrompt();

    /** The same under the name that Camel's openai component gives it, which comes first; or null. */
    String getUserMessage();

    /** What precedes a conversation that has no system message; null for the model's own. */
    String getSystemMessage();

    /** The most tokens of an answer. */
    Integer getMaxTokens();

    /** From 0 to 2; null for the model's own. */
    Double getTemperature();

    /** From 0 to 1; null for the model's own. */
    Double getTopP();

    /** 0 for all; null for the model's own. */
    Integer getTopK();

    /** 1 changes nothing; null for the model's own. */
    Double getRepetitionPenalty();

    /** From -2 to 2, 0 changes nothing; null for the model's own. */
    Double getPresencePenalty();

    /** Whether an answer that repeats itself is ended: {@code auto} for those about documents, {@code on} or {@code off}. */
    String getRepetitionGuard();

    /** Texts before which an answer ends, separated by commas; or null. */
    String getStop();

    /** The JSON Schema that answers must satisfy, or the place of one; null for none. */
    String getJsonSchema();

    /** The name of the class of whose JSON answers must be; null for none. */
    String getOutputClass();

    /** The texts of which an answer is one, separated by commas; null for any. */
    String getChoices();

    /** The regular expression that an answer must match as a whole; null for none. */
    String getRegex();

    /** What detection looks for, separated by commas; or null. */
    String getLabels();

    /** Of the random draws; null for any. */
    Long getSeed();

    /** Milliseconds after which an answer is cut; 0 for no limit. */
    long getTimeLimit();

    /** Whether answers come in pieces. */
    boolean isStreaming();

    /** Whether a message goes on with the conversation of its exchange. */
    boolean isConversationMemory();

    /** The exchange property that holds it. */
    String getConversationHistoryProperty();

    /** The name of the adapter that answers where neither a request nor a header says another; null for none. */
    String getAdapter();

    /** The names that requests may ask for the model by, separated by commas; null for its own. */
    String getServedModelNames();

    /** Whether they may ask by any other name too. */
    boolean isAnyModelName();
}
