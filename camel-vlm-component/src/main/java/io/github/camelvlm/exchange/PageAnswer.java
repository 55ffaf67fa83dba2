package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.Completion;

/**
 * What was answered about a page.
 *
 * @param page its number, from 1
 * @param completion the answer; null if there is none
 * @param failure why there is none; null if there is one
 */
public record PageAnswer(int page, Completion completion, String failure) {}
