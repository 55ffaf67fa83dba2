package io.github.camelvlm.memory;

import io.github.camelvlm.goldens.GoldenCase;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.imageio.ImageIO;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Run in a JVM of its own: describes one picture after another, and prints the process's resident size now and then, the
 * least of some seconds of rest, and that at the end.
 */
final class DescribeMany {
    private DescribeMany() {}

    /**
     * Arguments: the model, perhaps with further options, the type, the tokens of an answer, the pixels of a picture's side,
     * and after how many descriptions to print.
     */
    public static void main(String[] args) throws Exception {
        String uri =
                "vlm:describe?device=cpu&threads=1&model=" + args[0] + "&dtype=" + args[1] + "&maxTokens=" + args[2];
        BufferedImage shape = ImageIO.read(
                new ByteArrayInputStream(GoldenCase.picture("one-shape.png").bytes()));
        int side = Integer.parseInt(args[3]);
        BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        picture.getGraphics().drawImage(shape, 0, 0, side, side, null);
        CamelContext context = new DefaultCamelContext();
        context.start();
        ProducerTemplate template = context.createProducerTemplate();
        int done = 0;
        for (int i = 4; i < args.length; i++) {
            for (; done < Integer.parseInt(args[i]); done++) {
                // Each is another picture, so that no cache spares the work.
                picture.setRGB(done % picture.getWidth(), done / picture.getWidth(), 0xff0000 + done);
                template.requestBody(uri, picture, String.class);
            }
            System.out.println("resident " + residentBytes());
        }
        System.out.println("resident " + leastAtRest());
        context.stop();
        System.out.println("resident " + residentBytes());
    }

    /** The least of four seconds. */
    private static long leastAtRest() throws IOException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 40; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            least = Math.min(least, residentBytes());
        }
        return least;
    }

    /** What the process holds of the machine's memory. */
    static long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }
}
