package io.github.camelvlm.observation;

/** An endpoint whose requests are told of. */
public interface ObservedEndpoint {
    /** The name of the model; as long as it is not loaded, what the options say. */
    String modelName();

    /** What it does with a message, such as {@code describe}. */
    String operationName();

    /** Whether it answers with text that a model generates. */
    boolean isGenerating();
}
