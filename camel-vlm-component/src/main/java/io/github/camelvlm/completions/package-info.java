/** OpenAI's older completions, which go on with a text as it is: {@link io.github.camelvlm.completions.CompletionsDialect}. */
package io.github.camelvlm.completions;
