/** Ollama's API, as a dialect of the HTTP service. */
package io.github.camelvlm.ollama;
