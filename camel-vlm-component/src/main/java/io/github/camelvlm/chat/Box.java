package io.github.camelvlm.chat;

/**
 * Where something is in a picture, in pixels of the picture as it came, turned upright, from its upper left corner.
 *
 * @param label what it is, in the model's words; empty if the model does not say
 * @param x1 the left edge
 * @param y1 the upper edge
 * @param x2 the right edge, at least {@code x1}
 * @param y2 the lower edge, at least {@code y1}
 */
public record Box(String label, int x1, int y1, int x2, int y2) {}
