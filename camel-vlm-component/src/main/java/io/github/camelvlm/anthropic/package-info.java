/** Anthropic's Messages, as a dialect of the HTTP service. */
package io.github.camelvlm.anthropic;
