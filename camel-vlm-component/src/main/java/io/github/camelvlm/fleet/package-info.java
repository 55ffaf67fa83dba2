/** Engines made of engines: replicas of a model on several devices, and several models that share the memory of one process. */
package io.github.camelvlm.fleet;
