/** Processes in which files are read that could end a JVM, or keep one of its threads for ever. */
package io.github.camelvlm.process;
