package io.github.camelvlm.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.media.ImageDecoder;
import io.github.camelvlm.media.RgbImage;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TiffPagesTest {
    private static final Color[] COLOURS = {Color.RED, Color.GREEN, Color.BLUE};

    private static byte[] tiff(int pages) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(stream);
            writer.prepareWriteSequence(null);
            for (int i = 0; i < pages; i++) {
                BufferedImage image = new BufferedImage(30 + i, 20, BufferedImage.TYPE_INT_RGB);
                Graphics2D graphics = image.createGraphics();
                graphics.setColor(COLOURS[i % 3]);
                graphics.fillRect(0, 0, 100, 100);
                graphics.dispose();
                writer.writeToSequence(new IIOImage(image, null, null), null);
            }
            writer.endWriteSequence();
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static List<DocumentPage> read(byte[] file, String selection) {
        List<DocumentPage> pages = new ArrayList<>();
        DocumentOptions options = new DocumentOptions(PageSelection.of("pages", selection), null, 1000, 50, null);
        try (DocumentPages open = Documents.open("scan.tiff", file, options, new CompletableFuture<>())) {
            open.forEachRemaining(pages::add);
        }
        return pages;
    }

    @Test
    void areFilesOfTheirOwn() throws IOException {
        byte[] file = tiff(3);
        assertThat(Documents.isDocument(file)).isTrue();
        List<DocumentPage> pages = read(file, "last,1-2");

        assertThat(pages).extracting(DocumentPage::number).containsExactly(3, 1, 2);
        assertThat(pages).extracting(page -> first(page)).containsExactly(Color.BLUE, Color.RED, Color.GREEN);
        assertThat(pages.get(0).picture().name()).isEqualTo("page 3 of document scan.tiff");
    }

    private static Color first(DocumentPage page) {
        RgbImage image = new ImageDecoder().decode("page", page.picture().bytes());
        assertThat(image.width()).isEqualTo(29 + page.number());
        return new Color(image.rgb()[0] & 0xFF, image.rgb()[1] & 0xFF, image.rgb()[2] & 0xFF);
    }

    @Test
    void areNoneOfATiffWithOnePageWhichIsAPicture() throws IOException {
        assertThat(Documents.isDocument(tiff(1))).isFalse();
        assertThat(Documents.isDocument(new byte[0])).isFalse();
        assertThat(Documents.isDocument(new byte[] {'I', 'I', 42, 0, 8, 0, 0, 0}))
                .isFalse();
    }

    /** The second of two directories refers to the first again. */
    @Test
    void endWhereTheirChainLeadsBackIntoItself() throws IOException {
        byte[] file = tiff(2);
        ByteBuffer buffer = ByteBuffer.wrap(file);
        buffer.order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int first = buffer.getInt(4);
        int second = buffer.getInt(end(buffer, first));
        buffer.putInt(end(buffer, second), first);

        assertThat(read(file, "all")).hasSize(2);
    }

    private static int end(ByteBuffer buffer, int directory) {
        return directory + 2 + 12 * buffer.getShort(directory);
    }
}
