package io.github.camelvlm.media;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The types of pictures that are read here and known by their first bytes, whatever a name, a header or a data URL says of
 * them.
 */
enum PictureType {
    PNG("image/png", file -> file.has(0, PngFile.SIGNATURE), PngFile::new),
    JPEG("image/jpeg", file -> file.has(0, JpegFile.SIGNATURE), JpegFile::new),
    GIF("image/gif", file -> file.has(0, GifFile.SIGNATURE), GifFile::new),
    BMP("image/bmp", file -> file.has(0, BmpFile.SIGNATURE), BmpFile::new),
    TIFF("image/tiff", TiffDirectory::begins, TiffFile::new),
    WEBP("image/webp", file -> file.has(0, "RIFF") && file.has(8, "WEBP"), WebpFile::new),
    PSD("image/vnd.adobe.photoshop", file -> file.has(0, PsdFile.SIGNATURE), PsdFile::new),
    ICO("image/x-icon", IcoFile::begins, IcoFile::new),
    PNM("image/x-portable-anymap", PnmFile::begins, PnmFile::new);

    /** So many bytes of a file are enough for {@link #of}. */
    static final int LONGEST_SIGNATURE = 16;

    private final String mediaType;
    private final Predicate<PictureBytes> begins;
    private final Function<PictureBytes, PictureFile> reader;

    PictureType(String mediaType, Predicate<PictureBytes> begins, Function<PictureBytes, PictureFile> reader) {
        this.mediaType = mediaType;
        this.begins = begins;
        this.reader = reader;
    }

    /** The type of a file that begins with these bytes; empty if it is none of these. */
    static Optional<PictureType> of(byte[] first) {
        return of(new PictureBytes("", first));
    }

    /** The type of a file; empty if it is none of these. */
    static Optional<PictureType> of(PictureBytes file) {
        return Arrays.stream(values()).filter(type -> type.begins.test(file)).findFirst();
    }

    /**
     * Reads what tells the size of a file of this type.
     *
     * @throws ImageException if it is cut off, damaged, or of a kind that is not supported
     */
    PictureFile open(PictureBytes file) {
        return reader.apply(file);
    }

    /** The name of the media type, such as {@code image/png}. */
    String mediaType() {
        return mediaType;
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
