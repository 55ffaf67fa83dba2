/**
 * Spring AI's chat model, answered by a model in this JVM without HTTP. The artifact {@code spring-ai-model} is optional: it
 * is that of the application.
 */
package io.github.camelvlm.springai;
