/**
 * An engine elsewhere: any servers that speak OpenAI's API, such as vLLM, SGLang, llama.cpp or another instance of the
 * component's own service.
 */
package io.github.camelvlm.remote;
