/**
 * LangChain4j's chat models, answered by a model in this JVM without HTTP. The artifact {@code langchain4j-core} is optional:
 * it is that of the application.
 */
package io.github.camelvlm.langchain4j;
