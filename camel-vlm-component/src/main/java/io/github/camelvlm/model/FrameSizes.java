package io.github.camelvlm.model;

import io.github.camelvlm.media.PictureSize;

/**
 * The sizes to which the frames of a video are brought, one after the other.
 *
 * @param regular to which they are brought first, as LLaMA-Factory does; null where they are not
 * @param seen at which the model sees them
 */
public record FrameSizes(PictureSize regular, PictureSize seen) {}
