/**
 * OpenAI's Responses: {@link io.github.camelvlm.responses.ResponsesDialect} makes chat completion requests of them, and
 * keeps answers for a while so that a later request may follow on one.
 */
package io.github.camelvlm.responses;
