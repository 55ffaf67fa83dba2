package io.github.camelvlm.hub;

/**
 * A file of a model on a hub, as the hub's listing has it.
 *
 * @param name its path in the repository
 * @param size in bytes
 * @param hash of its bytes
 */
record RemoteFile(String name, long size, BlobHash hash) {}
