/**
 * Pages of documents as pictures: of PDF, rendered in a process of its own, and of TIFF files with several pages.
 */
package io.github.camelvlm.document;
