/**
 * OpenAI's chat completions as JSON: requests, answers and errors, and their mapping to {@link io.github.camelvlm.chat
 * the domain}. Names of fields, their defaults and their meaning are those of OpenAI's API reference; {@code top_k},
 * {@code min_p}, {@code repetition_penalty}, {@code min_pixels} and {@code max_pixels} are the additions that servers of
 * open models share.
 */
package io.github.camelvlm.openai;
