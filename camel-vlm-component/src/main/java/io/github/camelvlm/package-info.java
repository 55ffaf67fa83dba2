/**
 * The Camel component {@code vlm:}. It turns messages into requests to an engine and answers into messages; what it knows
 * of models ends at {@link io.github.camelvlm.chat.VlmEngine}.
 */
package io.github.camelvlm;
