package io.github.camelvlm;

/** What an endpoint does with a message. */
public enum VlmOperation {
    /** The body is a picture, or a list of pictures; it becomes a caption. */
    describe,
    /** The body is a picture, or a list of pictures; it becomes data of the form that a JSON Schema or a class describes. */
    extract,
    /** The body is a picture, or a list of pictures; it becomes the likeliest of the choices. */
    classify,
    /** The body is a picture; it becomes a list of what is where in it. */
    detect,
    /** The body is an OpenAI chat completion request; it becomes the completion. */
    chat,
    /** The body becomes the list of models that can be asked for, or one of them if a header names it. */
    models,
    /** The body is vLLM's request to write a text or a conversation as tokens; it becomes the tokens. */
    tokenize,
    /** The body is vLLM's request to write tokens as text; it becomes the text. */
    detokenize
}
