package io.github.camelvlm;

import io.github.camelvlm.chat.Box;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * A picture of one shape on white, and where the shape is.
 *
 * @param label the colour and the shape, as shapes-vl names them
 * @param width of the picture as it is shown
 * @param height of the picture as it is shown
 */
record Drawing(String label, int width, int height, Box box) {
    private static final Map<String, Color> COLOURS = Map.of(
            "red", new Color(220, 40, 40),
            "blue", new Color(40, 80, 220),
            "green", new Color(40, 160, 60),
            "black", new Color(15, 15, 15),
            "purple", new Color(140, 50, 180));

    /** How a picture lies that is to be turned clockwise by a quarter, as cameras write it. */
    private static final byte[] TURNED = HexFormat.of()
            .parseHex("ffe10022" + "457869660000" + "49492a0008000000" + "0100" + "1201030001000000" + "06000000"
                    + "00000000");

    /**
     * A shape in the middle of a square.
     *
     * @param x of the middle, as a share of the width
     * @param y of the middle, as a share of the height
     * @param radius as a share of the shorter side
     */
    static Drawing of(String label, int width, int height, double x, double y, double radius) {
        double r = radius * Math.min(width, height);
        return new Drawing(
                label,
                width,
                height,
                new Box(
                        label,
                        (int) Math.round(x * width - r),
                        (int) Math.round(y * height - r),
                        (int) Math.round(x * width + r),
                        (int) Math.round(y * height + r)));
    }

    /** A picture of nothing that the model knows. */
    static byte[] noise() {
        BufferedImage image = new BufferedImage(112, 112, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(7);
        for (int i = 0; i < 112 * 112; i++) {
            image.setRGB(i % 112, i / 112, random.nextInt(1 << 24));
        }
        return encoded(image, "png");
    }

    byte[] png() {
        return encoded(image(), "png");
    }

    /** A JPEG whose pixels lie on their side, with the EXIF tag that says so. */
    byte[] turnedJpeg() {
        BufferedImage upright = image();
        BufferedImage lying = new BufferedImage(height, width, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                lying.setRGB(y, width - 1 - x, upright.getRGB(x, y));
            }
        }
        byte[] jpeg = encoded(lying, "jpeg");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        out.writeBytes(TURNED);
        out.write(jpeg, 2, jpeg.length - 2);
        return out.toByteArray();
    }

    private static byte[] encoded(BufferedImage image, String format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, format, out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private BufferedImage image() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(new Color(250, 250, 250));
        graphics.fillRect(0, 0, width, height);
        graphics.setColor(COLOURS.get(label.split(" ")[0]));
        int side = box.x2() - box.x1();
        switch (label.split(" ")[1]) {
            case "circle" -> graphics.fillOval(box.x1(), box.y1(), side, side);
            case "square" -> graphics.fillRect(box.x1(), box.y1(), side, side);
            case "triangle" ->
                graphics.fillPolygon(
                        new int[] {(box.x1() + box.x2()) / 2, box.x2(), box.x1()},
                        new int[] {box.y1(), box.y2(), box.y2()},
                        3);
            default -> throw new AssertionError(label);
        }
        graphics.dispose();
        return image;
    }

    /** How much of both boxes together they have in common. */
    static double overlap(List<Integer> found, Box drawn) {
        double width = Math.min(found.get(2), drawn.x2()) - Math.max(found.get(0), drawn.x1());
        double height = Math.min(found.get(3), drawn.y2()) - Math.max(found.get(1), drawn.y1());
        double common = Math.max(0, width) * Math.max(0, height);
        double areas = (found.get(2) - found.get(0)) * (double) (found.get(3) - found.get(1))
                + (drawn.x2() - drawn.x1()) * (double) (drawn.y2() - drawn.y1());
        return common / (areas - common);
    }
}
