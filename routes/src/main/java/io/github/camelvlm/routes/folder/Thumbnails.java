package io.github.camelvlm.routes.folder;

import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.media.ImageDecoder;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.RgbImage;
import io.github.camelvlm.video.FfmpegStills;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import javax.imageio.ImageIO;

/**
 * Small JPEGs of the pictures that the folder has described. Only a picture that still is what was described has one, and
 * what a browser cannot show, such as TIFF, has one too.
 */
final class Thumbnails {
    private static final int LONGER_SIDE = 320;

    /** Each decodes a whole picture, on a thread that requests need too. */
    private static final int AT_ONCE = 2;

    /** Whose first page or frame would need a process of its own. */
    private static final String NO_PICTURES = "(?is).*\\.(pdf|mp4|m4v|mov|mkv|webm)";

    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Map<Long, byte[]> made = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
            return size() > FolderActivity.MOST;
        }
    };

    private ImageDecoder decoder = decoder(ImageDecoder.DEFAULT_MAX_IMAGE_PIXELS);

    /** @param pixels the most pixels of a picture of which one is made */
    void setMaxImagePixels(long pixels) {
        decoder = decoder(pixels);
    }

    private static ImageDecoder decoder(long pixels) {
        return new ImageDecoder(pixels, new FfmpegStills());
    }

    /** Whether a described file may have one, by its name: documents and videos have none. */
    static boolean mayBeOf(String name) {
        return !name.matches(NO_PICTURES);
    }

    /**
     * The thumbnail of a picture, as JPEG; none if the picture has changed, or gone.
     *
     * @throws QueueFullException if as many as allowed are being made
     */
    Optional<byte[]> of(FolderActivity.Ended picture) {
        synchronized (made) {
            byte[] known = made.get(picture.id());
            if (known != null) {
                return Optional.of(known);
            }
        }
        if (!places.tryAcquire()) {
            throw new QueueFullException("Other thumbnails are being made: ask for this one again later");
        }
        try {
            byte[] jpeg = make(picture);
            synchronized (made) {
                made.put(picture.id(), jpeg);
            }
            return Optional.of(jpeg);
        } catch (IOException | ImageException e) {
            return Optional.empty();
        } finally {
            places.release();
        }
    }

    private byte[] make(FolderActivity.Ended picture) throws IOException {
        Path file = picture.place();
        if (Files.size(file) != picture.row().bytes()
                || Files.getLastModifiedTime(file).toMillis() != picture.row().modified()) {
            throw new IOException(file + " is no longer what was described");
        }
        return jpeg(decoder.decode(picture.row().name(), Files.readAllBytes(file)));
    }

    private static byte[] jpeg(RgbImage picture) throws IOException {
        double scale = Math.min(1, (double) LONGER_SIDE / Math.max(picture.width(), picture.height()));
        int width = Math.max(1, (int) Math.round(picture.width() * scale));
        int height = Math.max(1, (int) Math.round(picture.height() * scale));
        Image scaled = picture.view().getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING);
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = small.createGraphics();
        canvas.drawImage(scaled, 0, 0, null);
        canvas.dispose();
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(small, "jpg", jpeg);
        return jpeg.toByteArray();
    }
}
