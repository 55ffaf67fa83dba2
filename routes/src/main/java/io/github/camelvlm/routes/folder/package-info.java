/**
 * The route that watches a folder: which pictures are taken and in which order, by which of the processes that share the
 * folder, and what is written of them.
 */
package io.github.camelvlm.routes.folder;
