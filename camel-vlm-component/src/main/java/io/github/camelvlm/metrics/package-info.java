/**
 * What engines and requests did, told to Micrometer under the names of vLLM and of OpenTelemetry's conventions for
 * generative AI. The artifact {@code micrometer-core} is optional: without it {@link
 * io.github.camelvlm.metrics.EngineObserver#NONE} stands in.
 */
package io.github.camelvlm.metrics;
