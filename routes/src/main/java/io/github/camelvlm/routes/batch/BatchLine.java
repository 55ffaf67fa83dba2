package io.github.camelvlm.routes.batch;

/**
 * A line of a batch, as it was read.
 *
 * @param bytes the line without its end; null if it is too long to be read
 * @param length its bytes
 * @param id of its answer; made of its place and its content, so that an answer can be told to belong to it
 */
record BatchLine(byte[] bytes, long length, String id) {}
