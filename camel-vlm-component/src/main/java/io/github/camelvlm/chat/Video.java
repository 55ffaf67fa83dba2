package io.github.camelvlm.chat;

/** A video as it came. */
public sealed interface Video permits VideoFrames, VideoFile {

    /** What errors call it, such as a file name. */
    String name();

    /** How many bytes it holds. */
    long size();
}
