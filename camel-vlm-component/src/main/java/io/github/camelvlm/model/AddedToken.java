package io.github.camelvlm.model;

/**
 * A token that stands beside the BPE vocabulary, such as {@code <|im_end|>}.
 *
 * @param id its id
 * @param content the text that it is written as
 * @param special whether it steers the model and is no part of what is said
 */
record AddedToken(int id, String content, boolean special) {}
