/** Runs a model in this JVM: schedules sequences, keeps their cache, and turns the tokens it chooses into text. */
package io.github.camelvlm.engine;
