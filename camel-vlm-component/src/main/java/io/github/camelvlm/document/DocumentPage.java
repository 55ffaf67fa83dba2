package io.github.camelvlm.document;

import io.github.camelvlm.chat.EncodedImage;

/**
 * A page of a document.
 *
 * @param number from 1
 * @param picture what it looks like; null if it cannot be rendered
 * @param failure why it cannot, in a sentence that names it; null if it can
 */
public record DocumentPage(int number, EncodedImage picture, String failure) {}
