package io.github.camelvlm.media;

/**
 * How large a picture is, turned upright.
 *
 * @param width columns
 * @param height rows
 */
public record PictureSize(int width, int height) {}
