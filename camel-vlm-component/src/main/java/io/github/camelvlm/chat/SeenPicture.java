package io.github.camelvlm.chat;

/**
 * A picture of a request and what it cost.
 *
 * @param name the name that the request gave it
 * @param width of the picture as it came, in pixels
 * @param height of the picture as it came, in pixels
 * @param tokens the prompt tokens that it became; 0 if a server elsewhere knows it alone
 */
public record SeenPicture(String name, int width, int height, int tokens) {}
