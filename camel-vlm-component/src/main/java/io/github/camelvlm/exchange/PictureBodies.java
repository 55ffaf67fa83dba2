package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.fetch.DataUrl;
import io.github.camelvlm.media.ImageException;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.camel.Exchange;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;

/** Takes the pictures out of a message's body, whatever form they have there. */
public final class PictureBodies {
    private final int maxBytes;

    /**
     * @param maxBytes the most bytes of one picture's file
     * @throws IllegalArgumentException if it is below 1
     */
    public PictureBodies(int maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxImageBytes must be at least 1, but is " + maxBytes);
        }
        this.maxBytes = maxBytes;
    }

    /**
     * The pictures of a body.
     *
     * @param body a File, Path, WrappedFile, byte[], ByteBuffer, InputStream, BufferedImage, data URL, or a list of these
     * @return the pictures, in order
     * @throws InvalidRequestException if the body is something else
     * @throws UnreadablePictureException if a file or stream cannot be read, or is larger than the limit
     */
    public List<EncodedImage> read(Object body, Exchange exchange) {
        List<EncodedImage> pictures = new ArrayList<>();
        if (body instanceof List<?> list) {
            for (Object element : list) {
                pictures.add(picture(element, (pictures.size() + 1) + " of the body", exchange));
            }
        } else {
            pictures.add(picture(
                    body, exchange.getMessage().getHeader(Exchange.FILE_NAME, "in the body", String.class), exchange));
        }
        if (pictures.isEmpty()) {
            throw new InvalidRequestException("body", "must hold a picture, but is an empty list");
        }
        return pictures;
    }

    private EncodedImage picture(Object body, String name, Exchange exchange) {
        try {
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
        } catch (InvalidPathException e) {
            throw new UnreadablePictureException(
                    "The file " + e.getInput() + " cannot be named in this process: start it under a UTF-8 locale", e);
        } catch (IOException | NoTypeConversionAvailableException e) {
            throw new UnreadablePictureException("picture " + name + " cannot be read: " + e.getMessage(), e);
        }
        throw new InvalidRequestException(
                "body",
                "must be a picture (File, Path, byte[], ByteBuffer, InputStream, BufferedImage or a data URL) or a list of"
                        + " pictures, but is "
                        + (body == null ? "null" : body.getClass().getName()));
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
        if (!DataUrl.isDataUrl(text)) {
            throw new InvalidRequestException(
                    "body",
                    "is text, but not a data URL (data:image/png;base64,…): send the picture itself, a File or a Path; for"
                            + " a conversation use vlm:chat");
        }
        try {
            return DataUrl.decode(name, text, maxBytes);
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
