package io.github.camelvlm.model;

/**
 * How a video is written into a prompt.
 *
 * @param place what a chat template writes for one
 * @param text what stands there instead
 * @param stretches how many tokens in {@code text} stand for frames: as many as there are pairs, or one for all
 */
public record VideoText(String place, String text, int stretches) {}
