package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.fetch.DataUrl;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.PictureType;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.camel.Exchange;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;

/** Takes the pictures out of a message's body, whatever form they have there. */
public final class PictureBodies {
    private static final String TAKEN =
            "File, Path, WrappedFile, byte[], ByteBuffer, InputStream, StreamCache, BufferedImage,"
                    + " DataHandler, a data URL or base64";

    /** So many characters of base64 tell what file they are of. */
    private static final int SIGNATURE_DIGITS = 24;

    private final int maxBytes;
    private final int maxPictures;

    /**
     * @param maxBytes the most bytes of one picture's file
     * @param maxPictures the most pictures of one body
     * @throws IllegalArgumentException if the first is below 1
     */
    public PictureBodies(int maxBytes, int maxPictures) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxImageBytes must be at least 1, but is " + maxBytes);
        }
        this.maxBytes = maxBytes;
        this.maxPictures = maxPictures;
    }

    /**
     * The pictures of a body; of one that is none, those that are attached to its message.
     *
     * @param body a File, Path, WrappedFile, byte[], ByteBuffer, InputStream, StreamCache, BufferedImage, DataHandler, data
     *     URL, base64, what one of Camel's type converters makes bytes of, or a list, array or iterator of these
     * @return the pictures, in order
     * @throws InvalidRequestException if the body is something else, or holds too many
     * @throws UnreadablePictureException if a file or stream cannot be read, or is larger than the limit
     */
    public List<EncodedImage> read(Object body, Exchange exchange) {
        List<?> several = several(body);
        if (several == null && !isPicture(body)) {
            List<Object> attached = attached(exchange);
            several = attached.isEmpty() ? null : few(attached);
        }
        if (several == null) {
            String name = exchange.getMessage().getHeader(Exchange.FILE_NAME, "in the body", String.class);
            return List.of(picture(body, name, exchange));
        }
        if (several.isEmpty()) {
            throw new InvalidRequestException("body", "must hold a picture, but is an empty list");
        }
        List<EncodedImage> pictures = new ArrayList<>();
        for (Object element : several) {
            pictures.add(picture(element, (pictures.size() + 1) + " of the body", exchange));
        }
        return pictures;
    }

    /** What a body that is several things holds; null if it is one thing. */
    private List<?> several(Object body) {
        if (body instanceof Collection<?> all) {
            return few(all);
        } else if (body instanceof Object[] array) {
            return few(Arrays.asList(array));
        } else if (body instanceof Iterator<?> iterator) {
            return drained(iterator);
        } else if (body instanceof Iterable<?> iterable && !(body instanceof Path)) {
            return drained(iterable.iterator());
        }
        return null;
    }

    /** Before any is read. */
    private List<?> few(Collection<?> all) {
        RequestMapper.requireFewEnough(all.size(), maxPictures);
        return new ArrayList<>(all);
    }

    private List<?> drained(Iterator<?> iterator) {
        List<Object> all = new ArrayList<>();
        while (all.size() <= maxPictures && iterator.hasNext()) {
            all.add(iterator.next());
        }
        RequestMapper.requireFewEnough(all.size(), maxPictures);
        return all;
    }

    private static boolean isPicture(Object body) {
        return body instanceof String text
                ? isPicture(text)
                : body instanceof WrappedFile<?>
                        || body instanceof File
                        || body instanceof Path
                        || body instanceof byte[]
                        || body instanceof ByteBuffer
                        || body instanceof BufferedImage
                        || body instanceof InputStream
                        || body instanceof StreamCache
                        || AttachedPictures.content(body) != null;
    }

    /** Whether a text is a picture written as a data URL or as base64. */
    static boolean isPicture(String text) {
        return DataUrl.isDataUrl(text) || isBase64(text);
    }

    private static boolean isBase64(String text) {
        String begin = text.stripLeading();
        if (begin.length() < SIGNATURE_DIGITS) {
            return false;
        }
        try {
            String digits =
                    begin.substring(0, SIGNATURE_DIGITS).replace('-', '+').replace('_', '/');
            return PictureType.of(Base64.getDecoder().decode(digits)).isPresent();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static List<Object> attached(Exchange exchange) {
        try {
            return AttachedPictures.of(exchange);
        } catch (IOException e) {
            throw new UnreadablePictureException("An attachment cannot be read: " + e.getMessage(), e);
        }
    }

    private EncodedImage picture(Object body, String name, Exchange exchange) {
        try {
            AttachedPictures.Content content = AttachedPictures.content(body);
            if (content != null) {
                return content(content, content.name() == null ? name : content.name());
            }
            if (body instanceof WrappedFile<?> wrapped) {
                return wrapped.getFile() instanceof File file
                        ? file(file.toPath())
                        : new EncodedImage(name, stream(wrapped, name, exchange));
            } else if (body instanceof File file) {
                return file(file.toPath());
            } else if (body instanceof Path path) {
                return file(path);
            } else if (body instanceof byte[] bytes) {
                return new EncodedImage(name, bytes);
            } else if (body instanceof ByteBuffer buffer) {
                byte[] bytes = new byte[buffer.remaining()];
                buffer.duplicate().get(bytes);
                return new EncodedImage(name, bytes);
            } else if (body instanceof BufferedImage image) {
                return new EncodedImage(name, png(image));
            } else if (body instanceof String text) {
                return new EncodedImage(name, text(text, name));
            } else if (body instanceof InputStream || body instanceof StreamCache) {
                return new EncodedImage(name, stream(body, name, exchange));
            }
            byte[] converted = converted(body, exchange);
            if (converted != null) {
                return new EncodedImage(name, converted);
            }
        } catch (InvalidPathException e) {
            throw new UnreadablePictureException(
                    "The file " + e.getInput() + " cannot be named in this process: start it under a UTF-8 locale", e);
        } catch (IOException | NoTypeConversionAvailableException e) {
            throw new UnreadablePictureException("picture " + name + " cannot be read: " + e.getMessage(), e);
        }
        throw new InvalidRequestException(
                "body",
                "must be a picture (" + TAKEN
                        + "), a list of pictures, or a message to which pictures are attached, but is "
                        + (body == null ? "null" : body.getClass().getName()));
    }

    private EncodedImage content(AttachedPictures.Content content, String name) throws IOException {
        try (InputStream in = content.open()) {
            return new EncodedImage(name, read(in, name));
        }
    }

    /** What holds its bytes in a class of another library's, such as a Buffer of Vert.x; null if it does not. */
    private static byte[] converted(Object body, Exchange exchange) {
        boolean isKnown = body != null
                && exchange.getContext().getTypeConverterRegistry().lookup(byte[].class, body.getClass()) != null;
        return isKnown && !(body instanceof Reader)
                ? exchange.getContext().getTypeConverter().tryConvertTo(byte[].class, exchange, body)
                : null;
    }

    private EncodedImage file(Path path) throws IOException {
        String name = String.valueOf(path.getFileName());
        if (!Files.exists(path)) {
            throw new UnreadablePictureException("There is no file " + path + ": check the name", null);
        }
        requireSize(Files.size(path), name);
        try (InputStream in = Files.newInputStream(path)) {
            return new EncodedImage(name, read(in, name));
        }
    }

    private byte[] stream(Object body, String name, Exchange exchange)
            throws IOException, NoTypeConversionAvailableException {
        InputStream in = exchange.getContext().getTypeConverter().mandatoryConvertTo(InputStream.class, exchange, body);
        try {
            return read(in, name);
        } finally {
            if (body instanceof StreamCache cache) {
                // Camel's stream caching promises later steps of the route that the body can be read again.
                cache.reset();
            } else {
                in.close();
            }
        }
    }

    private byte[] read(InputStream in, String name) throws IOException {
        byte[] bytes = in.readNBytes(maxBytes);
        if (in.read() >= 0) {
            requireSize((long) maxBytes + 1, name);
        }
        return bytes;
    }

    private void requireSize(long bytes, String name) {
        if (bytes > maxBytes) {
            throw new UnreadablePictureException(
                    "picture " + name + " is larger than " + maxBytes
                            + " bytes: send a smaller file, or raise maxImageBytes",
                    null);
        }
    }

    private byte[] text(String text, String name) {
        boolean isUrl = DataUrl.isDataUrl(text);
        if (!isUrl && !isBase64(text)) {
            throw new InvalidRequestException(
                    "body",
                    "is text, but not a data URL (data:image/png;base64,…) or base64 of a picture, and no picture is attached:"
                            + " send the picture itself, a File or a Path; for a conversation use vlm:chat");
        }
        try {
            return DataUrl.decode(name, isUrl ? text : "data:;base64," + text, maxBytes);
        } catch (ImageException e) {
            throw new UnreadablePictureException(e.getMessage(), e);
        }
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!ImageIO.write(image, "png", out)) {
            // PNG knows no such raster; drawn into one that it knows, the picture looks the same.
            BufferedImage plain = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
            Graphics2D graphics = plain.createGraphics();
            graphics.drawImage(image, 0, 0, null);
            graphics.dispose();
            ImageIO.write(plain, "png", out);
        }
        return out.toByteArray();
    }
}
