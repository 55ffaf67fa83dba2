/**
 * The domain: what is asked of a vision-language model and what it answers. It depends on nothing else, so that the
 * wire formats above it and the engines below it can change without knowing of each other.
 */
package io.github.camelvlm.chat;
