package io.github.camelvlm.openai;

/**
 * The answer of vLLM's {@code POST /detokenize}.
 *
 * @param prompt the text of the tokens
 */
public record DetokenizeResponse(String prompt) implements JsonBody {}
