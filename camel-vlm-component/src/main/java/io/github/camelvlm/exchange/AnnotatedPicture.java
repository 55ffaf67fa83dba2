package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.Box;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.media.ImageDecoder;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.video.FfmpegStills;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Draws boxes and their labels into a picture: each label in a colour of its own, as large as the picture allows. */
public final class AnnotatedPicture {
    /** Far apart for most eyes, and seen on light and on dark ground. */
    private static final List<Color> COLOURS = List.of(
            new Color(0xE6194B),
            new Color(0x0072B2),
            new Color(0x2E8B57),
            new Color(0xD55E00),
            new Color(0x7B3FA0),
            new Color(0x8B5A2B));

    private final ImageDecoder decoder;

    /** @param maxImagePixels the most pixels of a picture */
    public AnnotatedPicture(long maxImagePixels) {
        decoder = new ImageDecoder(maxImagePixels, new FfmpegStills());
    }

    /**
     * The picture, upright, with boxes drawn.
     *
     * @return a PNG of the picture's own size
     * @throws UnreadablePictureException if the picture cannot be decoded
     * @throws VlmException if this Java has no font to write labels with
     */
    public byte[] draw(EncodedImage picture, List<Box> boxes) {
        BufferedImage image = decoded(picture);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            int side = Math.min(image.getWidth(), image.getHeight());
            graphics.setStroke(new BasicStroke(Math.max(1, side / 250f)));
            List<String> labels = new ArrayList<>();
            for (Box box : boxes) {
                if (!labels.contains(box.label())) {
                    labels.add(box.label());
                }
                graphics.setColor(COLOURS.get(labels.indexOf(box.label()) % COLOURS.size()));
                graphics.drawRect(box.x1(), box.y1(), box.x2() - box.x1(), box.y2() - box.y1());
                if (!box.label().isEmpty()) {
                    write(box, metrics(graphics, Math.max(9, side / 35)), graphics, image);
                }
            }
        } finally {
            graphics.dispose();
        }
        return png(image);
    }

    private static FontMetrics metrics(Graphics2D graphics, int size) {
        try {
            graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, size));
            return graphics.getFontMetrics();
        } catch (RuntimeException | LinkageError | InternalError e) {
            throw new VlmException(
                    "Labels cannot be written into a picture, since this Java finds no fonts: install fontconfig and a"
                            + " font such as DejaVu, or leave annotate out",
                    e);
        }
    }

    /** Above the box, or in it where there is no room. */
    private static void write(Box box, FontMetrics metrics, Graphics2D graphics, BufferedImage image) {
        int width = metrics.stringWidth(box.label()) + metrics.getDescent() * 2;
        int height = metrics.getHeight();
        int x = Math.max(0, Math.min(box.x1(), image.getWidth() - width));
        int y = box.y1() >= height ? box.y1() - height : box.y1();
        graphics.fillRect(x, y, width, height);
        graphics.setColor(Color.WHITE);
        graphics.drawString(box.label(), x + metrics.getDescent(), y + metrics.getAscent());
    }

    private BufferedImage decoded(EncodedImage picture) {
        try {
            return decoder.decode(picture.name(), picture.bytes()).view();
        } catch (ImageException e) {
            throw new UnreadablePictureException(e.getMessage(), e);
        }
    }

    private static byte[] png(BufferedImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException("a picture cannot be written into memory", e);
        }
        return out.toByteArray();
    }
}
