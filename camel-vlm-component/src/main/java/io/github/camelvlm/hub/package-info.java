/** Where a model's files are: in a directory that is named, or in the local cache of the Hugging Face Hub. */
package io.github.camelvlm.hub;
