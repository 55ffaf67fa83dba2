package io.github.camelvlm.media;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a header or a data URL says of its content, and what the first bytes say. Only the latter can be believed. */
enum PictureType {
    PNG(PngFile.SIGNATURE),
    JPEG(JpegFile.SIGNATURE),
    GIF(GifFile.SIGNATURE),
    BMP(BmpFile.SIGNATURE),
    TIFF("II*\0", "MM\0*"),
    WEBP("RIFF");

    /** So many bytes of a file are enough for {@link #of}. */
    static final int LONGEST_SIGNATURE = 8;

    private final String[] signatures;

    PictureType(String... signatures) {
        this.signatures = signatures;
    }

    /** The type of a file that begins with these bytes; empty if it is none that is known here. */
    static Optional<PictureType> of(byte[] first) {
        String beginning = new String(first, 0, Math.min(first.length, LONGEST_SIGNATURE), StandardCharsets.ISO_8859_1);
        return Arrays.stream(values())
                .filter(type -> Arrays.stream(type.signatures).anyMatch(beginning::startsWith))
                .findFirst();
    }

    /** The name of the media type, such as {@code image/png}. */
    String mediaType() {
        return "image/" + name().toLowerCase(Locale.ROOT);
    }

    /**
     * Whether what is said of a content lets it be a picture: that it is one, or nothing at all, as object stores say of
     * what was uploaded without a type.
     *
     * @param said a media type, perhaps with parameters; empty for none
     */
    static boolean mayBeSaid(String said) {
        String type = said.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.isEmpty()
                || type.equals("image")
                || type.startsWith("image/")
                || type.equals("application/octet-stream")
                || type.equals("binary/octet-stream");
    }
}
