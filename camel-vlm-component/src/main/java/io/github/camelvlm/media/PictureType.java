package io.github.camelvlm.media;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The formats of pictures that are read here, known by their first bytes, whatever a name, a header or a data URL says of
 * them.
 */
public enum PictureType {
    PNG("PNG", "image/png", "png", file -> file.has(0, PngFile.SIGNATURE), PngFile::new),
    JPEG("JPEG", "image/jpeg", "jpg jpeg jfif", file -> file.has(0, JpegFile.SIGNATURE), JpegFile::new),
    GIF("GIF", "image/gif", "gif", file -> file.has(0, GifFile.SIGNATURE), GifFile::new),
    BMP("BMP", "image/bmp", "bmp", file -> file.has(0, BmpFile.SIGNATURE), BmpFile::new),
    TIFF("TIFF", "image/tiff", "tiff tif", TiffDirectory::begins, TiffFile::new),
    WEBP("WebP", "image/webp", "webp", file -> file.has(0, "RIFF") && file.has(8, "WEBP"), WebpFile::new),
    /** Its first brand names it, or leaves that to the others; it may be coded otherwise than its kind usually is. */
    HEIC("HEIC", "image/heic", "heic heif hif", HeifBrands::areHeic, HeifFile::new),
    AVIF("AVIF", "image/avif", "avif", HeifBrands::areAvif, HeifFile::new),
    ICO("ICO", "image/vnd.microsoft.icon", "ico cur", IcoFile::begins, IcoFile::new),
    PSD("PSD", "image/vnd.adobe.photoshop", "psd", file -> file.has(0, PsdFile.SIGNATURE), PsdFile::new),
    /** Has no signature: many a file of another kind might be one, so that it is thought of last. */
    TGA("TGA", "image/x-tga", "tga", TgaFile::begins, TgaFile::new),
    PNM("PNM", "image/x-portable-anymap", "ppm pgm pbm pnm pam", PnmFile::begins, PnmFile::new);

    /** So many bytes of a file are enough for {@link #of}. */
    public static final int LONGEST_SIGNATURE = 64;

    private final String label;
    private final String mediaType;
    private final List<String> endings;
    private final Predicate<PictureBytes> begins;
    private final Function<PictureBytes, PictureFile> reader;

    PictureType(
            String label,
            String mediaType,
            String endings,
            Predicate<PictureBytes> begins,
            Function<PictureBytes, PictureFile> reader) {
        this.label = label;
        this.mediaType = mediaType;
        this.endings = List.of(endings.split(" "));
        this.begins = begins;
        this.reader = reader;
    }

    /**
     * The type of a file that begins with these bytes; empty if it is none of these, or has no signature.
     *
     * @param first the file, or its first bytes
     */
    public static Optional<PictureType> of(byte[] first) {
        return of(new PictureBytes("", first));
    }

    /** The type of a file; empty if it is none of these, or has no signature. */
    static Optional<PictureType> of(PictureBytes file) {
        return Arrays.stream(values())
                .filter(type -> type != TGA && type.begins.test(file))
                .findFirst();
    }

    /** The type of a file that is nothing else by its signature; empty if it is none of these. */
    static Optional<PictureType> withoutSignature(PictureBytes file) {
        return TGA.begins.test(file) ? Optional.of(TGA) : Optional.empty();
    }

    /** The names of all types for a sentence, such as {@code PNG, JPEG or GIF}. */
    public static String names() {
        return sentence(type -> type.label);
    }

    /** An ending of each type for a sentence, such as {@code .png, .jpg or .gif}. */
    public static String exampleEndings() {
        return sentence(type -> "." + type.endings.get(0));
    }

    private static String sentence(Function<PictureType, String> word) {
        return Arrays.stream(values())
                .map(word)
                .collect(Collectors.joining(", "))
                .replaceFirst(", (?=[^,]*$)", " or ");
    }

    /** How people call it, such as {@code WebP}. */
    public String label() {
        return label;
    }

    /** How the names of its files end, in small letters and without the dot; the usual ending first. */
    public List<String> endings() {
        return endings;
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
    public String mediaType() {
        return mediaType;
    }

    /**
     * Whether what is said of a content lets it be a picture: that it is one, or nothing at all, as object stores say of
     * what was uploaded without a type.
     *
     * @param said a media type, perhaps with parameters; empty for none
     */
    public static boolean mayBeSaid(String said) {
        String type = said.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.isEmpty()
                || type.equals("image")
                || type.startsWith("image/")
                || type.equals("application/octet-stream")
                || type.equals("binary/octet-stream");
    }
}
