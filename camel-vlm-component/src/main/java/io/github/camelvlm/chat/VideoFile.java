package io.github.camelvlm.chat;

import java.util.Objects;

/**
 * A video as the bytes of an MP4, WebM or another file, not yet decoded.
 *
 * @param name what errors call it, such as a file name
 * @param bytes the file's content; shared, not copied, so that no caller may change it
 * @param sampling which of its frames are shown to the model
 */
public record VideoFile(String name, byte[] bytes, FrameSampling sampling) implements Video {
    public VideoFile {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(sampling, "sampling");
    }

    /** A video of which as many frames are shown as Qwen's own examples show. */
    public VideoFile(String name, byte[] bytes) {
        this(name, bytes, FrameSampling.DEFAULT);
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public String toString() {
        return name + " (" + bytes.length + " bytes)";
    }
}
