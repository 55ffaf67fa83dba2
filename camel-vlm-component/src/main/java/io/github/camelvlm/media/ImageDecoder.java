package io.github.camelvlm.media;

import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Decodes pictures of the formats of {@link PictureType}. EXIF orientation is applied, transparency is laid over white,
 * values of 16 bits keep their upper 8, colour profiles are not applied, and of an animation the first frame counts. For
 * lossless formats the pixels are those of Pillow, to the bit. Safe for use by many threads, which wait for one another
 * where their pictures would not fit in the heap together.
 */
public final class ImageDecoder {

    /** The most pixels of a picture unless the user says otherwise: 64 megapixels. */
    public static final long DEFAULT_MAX_IMAGE_PIXELS = 64_000_000;

    /** RGB of more pixels does not fit in one Java array. */
    private static final long MAX_ARRAY_PIXELS = (Integer.MAX_VALUE - 8) / 4;

    private static final long COPIES_OF_FILE = 3;

    private final long maxImagePixels;
    private final FrameDecoder frames;
    private final DecodingBudget budget;

    /** A decoder with {@link #DEFAULT_MAX_IMAGE_PIXELS} that reads of HEIC and AVIF pictures the size alone. */
    public ImageDecoder() {
        this(DEFAULT_MAX_IMAGE_PIXELS);
    }

    /**
     * A decoder that reads of HEIC and AVIF pictures the size alone.
     *
     * @param maxImagePixels the most pixels (width × height) of a picture; one that declares more is refused before it is
     *     decoded
     * @throws IllegalArgumentException if it is below 1
     */
    public ImageDecoder(long maxImagePixels) {
        this(maxImagePixels, DecodingBudget.OF_HEAP);
    }

    /**
     * A decoder of all formats.
     *
     * @param maxImagePixels the most pixels (width × height) of a picture; one that declares more is refused before it is
     *     decoded
     * @param frames decodes HEIC and AVIF pictures
     * @throws IllegalArgumentException if {@code maxImagePixels} is below 1
     */
    public ImageDecoder(long maxImagePixels, FrameDecoder frames) {
        this(maxImagePixels, frames, DecodingBudget.OF_HEAP);
    }

    ImageDecoder(long maxImagePixels, DecodingBudget budget) {
        this(maxImagePixels, FrameDecoder.NONE, budget);
    }

    private ImageDecoder(long maxImagePixels, FrameDecoder frames, DecodingBudget budget) {
        if (maxImagePixels < 1) {
            throw new IllegalArgumentException("maxImagePixels must be at least 1, but is " + maxImagePixels);
        }
        this.maxImagePixels = Math.min(maxImagePixels, MAX_ARRAY_PIXELS);
        this.frames = frames;
        this.budget = budget;
    }

    /**
     * Decodes a picture, whatever its name says about its format.
     *
     * @param name what errors call it, such as a file name
     * @param bytes the file's content; not changed
     * @throws ImageException if it is empty, not a picture, cut off, damaged, too large, or of a kind that is not
     *     supported
     */
    public RgbImage decode(String name, byte[] bytes) {
        return decode(name, bytes, size -> {}, new CompletableFuture<>());
    }

    /**
     * Decodes a picture whose size someone else has a say in.
     *
     * @param name what errors call it, such as a file name
     * @param bytes the file's content; not changed
     * @param check is told the size that the file's header declares, before the picture is turned upright, and throws an
     *     {@link ImageException} if the picture is not worth decoding
     * @param cancellation ends the process that decodes it, if one does, when it completes
     * @throws ImageException as {@code check} does, or if the picture is empty, not a picture, cut off, damaged, too
     *     large, or of a kind that is not supported
     */
    public RgbImage decode(String name, byte[] bytes, Consumer<PictureSize> check, CompletionStage<?> cancellation) {
        return read(name, bytes, cancellation, picture -> decode(picture, check));
    }

    /**
     * Reads how large a picture is, upright, and nothing else of it.
     *
     * @param name what errors call it, such as a file name
     * @param bytes the file's content; not changed
     * @throws ImageException if it is empty, not a picture, damaged or cut off where its size stands, or too large
     */
    public PictureSize size(String name, byte[] bytes) {
        return read(name, bytes, new CompletableFuture<>(), picture -> {
            PictureFile file = open(picture);
            requireSize(name, file.width(), file.height());
            return file.upright();
        });
    }

    private interface Reading<T> {
        T of(PictureBytes picture) throws IOException;
    }

    private <T> T read(String name, byte[] bytes, CompletionStage<?> cancellation, Reading<T> reading) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(bytes, "bytes");
        try {
            return reading.of(
                    new PictureBytes(name, bytes, (coded, to) -> frames.decode(name, coded, to, cancellation)));
        } catch (IOException | RuntimeException | StackOverflowError e) {
            if (e instanceof ImageException refusal) {
                throw refusal;
            }
            throw ImageException.damaged(name, "its pixels cannot be decoded", e);
        } catch (OutOfMemoryError e) {
            throw new ImageException("picture " + name + " does not fit in the Java heap: raise -Xmx", e);
        }
    }

    private RgbImage decode(PictureBytes bytes, Consumer<PictureSize> check) throws IOException {
        PictureFile file = open(bytes);
        requireSize(bytes.name(), file.width(), file.height());
        check.accept(new PictureSize((int) file.width(), (int) file.height()));
        // The decoder gets a copy of the file that lacks what it need not see, gathered in a buffer that grows.
        long memory = file.decodingBytes() + COPIES_OF_FILE * bytes.length();
        budget.acquire(bytes.name(), memory);
        try {
            return file.decode();
        } finally {
            budget.release(memory);
        }
    }

    private void requireSize(String name, long width, long height) {
        if (width < 1 || height < 1) {
            throw ImageException.damaged(name, "it declares " + width + " × " + height + " pixels", null);
        }
        if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE || width * height > maxImagePixels) {
            throw new ImageException(String.format(
                    Locale.ROOT,
                    "picture %s has %d × %d pixels, but %,d in all are allowed: scale it down or raise maxImagePixels",
                    name,
                    width,
                    height,
                    maxImagePixels));
        }
    }

    private static PictureFile open(PictureBytes file) {
        if (file.length() == 0) {
            throw new ImageException("picture " + file.name() + " is empty: it has no bytes, so copy the file again");
        }
        Optional<PictureType> type = PictureType.of(file);
        if (type.isPresent()) {
            return type.get().open(file);
        }
        Optional<ImageException> known = OtherFormats.find(file);
        if (known.isPresent()) {
            throw known.get();
        }
        return PictureType.withoutSignature(file)
                .orElseThrow(() -> new ImageException("picture " + file.name() + " is not a " + PictureType.names()
                        + " file: send it in one of these formats"))
                .open(file);
    }
}
