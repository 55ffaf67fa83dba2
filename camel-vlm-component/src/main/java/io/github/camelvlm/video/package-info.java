/**
 * Reads video files by the {@code ffmpeg} program, in processes of their own, so that a hostile file can end nothing but
 * its process.
 */
package io.github.camelvlm.video;
