/**
 * What other protocols than OpenAI's chat completions have in common: a {@link io.github.camelvlm.dialect.Dialect} makes a
 * chat completion request of what its clients send, and what they expect of the completion.
 */
package io.github.camelvlm.dialect;
