/**
 * Where a model's files are: in a directory that is named, or in the local cache of the Hugging Face Hub, into which they
 * are downloaded if they are not there. The cache is huggingface_hub's, and each finds what the other has fetched.
 */
package io.github.camelvlm.hub;
