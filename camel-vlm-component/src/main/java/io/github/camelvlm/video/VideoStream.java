package io.github.camelvlm.video;

import io.github.camelvlm.media.PictureSize;

/**
 * What a video file tells of itself.
 *
 * @param size of its frames, upright
 * @param frames how many there are, at least one
 * @param fps how many make a second, on average
 * @param seconds how long it is
 */
record VideoStream(PictureSize size, int frames, double fps, double seconds) {}
