package io.github.camelvlm.chat;

import java.util.Objects;

/**
 * A picture as it came: the bytes of a PNG, JPEG or another format, not yet decoded.
 *
 * @param name what errors call it, such as a file name
 * @param bytes the file's content; shared, not copied, so that no caller may change it
 */
public record EncodedImage(String name, byte[] bytes) {
    public EncodedImage {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(bytes, "bytes");
    }

    @Override
    public String toString() {
        return name + " (" + bytes.length + " bytes)";
    }
}
