package io.github.camelvlm.document;

import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.util.Timer;
import java.util.TimerTask;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.rendering.ImageType;
import org.apache.pdfbox.rendering.PDFRenderer;

/**
 * The program of the process that renders pages of a PDF. It is given the file and three numbers: the most pixels of a
 * page, how many an inch becomes, or 0 for as many as fit, and how long a page may take. It reads a password and then page numbers, and writes for each
 * whether it was rendered and a PNG, or why it was not. It ends by itself where a page takes too long.
 */
final class PageRenderer {
    static final int PAGE = 1;
    static final int FAILED = 2;

    private static final int POINTS_PER_INCH = 72;
    /** Speed counts for more than size: it crosses one pipe. */
    private static final float FAST = 0.9f;

    private final DataOutputStream out;
    private final long limitMillis;
    private final Timer timer = new Timer(true);

    private PageRenderer(DataOutputStream out, long limitMillis) {
        this.out = out;
        this.limitMillis = limitMillis;
    }

    /** @param arguments the file, the most pixels of a page, dots per inch, and the milliseconds of a page */
    public static void main(String[] arguments) throws IOException {
        Logger.getLogger("").setLevel(Level.OFF);
        DataInputStream in = new DataInputStream(System.in);
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
        new PageRenderer(out, Long.parseLong(arguments[3]))
                .render(
                        new File(arguments[0]),
                        Integer.parseInt(arguments[1]),
                        Integer.parseInt(arguments[2]),
                        in.readUTF(),
                        in);
    }

    private void render(File file, int maxPixels, int dpi, String password, DataInputStream in) throws IOException {
        TimerTask limit = limit();
        PDDocument opened;
        try {
            opened = Loader.loadPDF(file, password);
        } catch (InvalidPasswordException e) {
            fail(password.isEmpty() ? "it is encrypted: give its password" : "the password is not the right one");
            return;
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            fail(reason(e) + ": save it anew, or send its pages as pictures");
            return;
        }
        try (PDDocument document = opened) {
            int count = document.getNumberOfPages();
            limit.cancel();
            out.writeByte(PAGE);
            out.writeInt(count);
            out.flush();
            PDFRenderer renderer = new PDFRenderer(document);
            renderer.setSubsamplingAllowed(true);
            for (int page = in.readInt(); page > 0; page = in.readInt()) {
                render(renderer, document, page, maxPixels, dpi);
            }
        }
    }

    private void render(PDFRenderer renderer, PDDocument document, int page, int maxPixels, int dpi)
            throws IOException {
        TimerTask limit = limit();
        byte[] png;
        try {
            PDRectangle box = document.getPage(page - 1).getCropBox();
            double fitting = Math.sqrt(maxPixels / ((double) box.getWidth() * box.getHeight()));
            double scale = dpi > 0 ? Math.min(fitting, (double) dpi / POINTS_PER_INCH) : fitting;
            png = png(renderer.renderImage(page - 1, (float) scale, ImageType.RGB));
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            if (limit.cancel()) {
                fail(reason(e));
            }
            return;
        }
        if (limit.cancel()) {
            synchronized (out) {
                out.writeByte(PAGE);
                out.writeInt(png.length);
                out.write(png);
                out.flush();
            }
        }
    }

    private static String reason(Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            return "it takes too much memory";
        }
        if (failure instanceof StackOverflowError) {
            return "it is nested too deep";
        }
        String told = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return "it is damaged (" + told.replaceFirst("\\.$", "") + ")";
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam fast = writer.getDefaultWriteParam();
            fast.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            fast.setCompressionQuality(FAST);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), fast);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** Ends the process in time: nothing else ends a thread that is in the midst of a page. */
    private TimerTask limit() {
        TimerTask task = new TimerTask() {
            @Override
            public void run() {
                try {
                    fail("it takes longer than " + limitMillis / 1000.0 + " s");
                } catch (IOException e) {
                    // The parent reads no more.
                } finally {
                    Runtime.getRuntime().halt(0);
                }
            }
        };
        timer.schedule(task, limitMillis);
        return task;
    }

    private void fail(String reason) throws IOException {
        synchronized (out) {
            out.writeByte(FAILED);
            out.writeUTF(reason.length() > 500 ? reason.substring(0, 500) : reason);
            out.flush();
        }
    }
}
