package io.github.camelvlm.memory;

import io.github.camelvlm.goldens.GoldenCase;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;

/** Run in a JVM of its own: describes one picture after another, and prints the process's resident size now and then, and at the end. */
final class DescribeMany {
    private DescribeMany() {}

    /** Arguments: the model, perhaps with further options, the type, the tokens of an answer, and after how many descriptions to print. */
    public static void main(String[] args) throws Exception {
        String uri =
                "vlm:describe?device=cpu&threads=1&model=" + args[0] + "&dtype=" + args[1] + "&maxTokens=" + args[2];
        BufferedImage picture = ImageIO.read(
                new ByteArrayInputStream(GoldenCase.picture("one-shape.png").bytes()));
        CamelContext context = new DefaultCamelContext();
        context.start();
        ProducerTemplate template = context.createProducerTemplate();
        int done = 0;
        for (int i = 3; i < args.length; i++) {
            for (; done < Integer.parseInt(args[i]); done++) {
                // Each is another picture, so that no cache spares the work.
                picture.setRGB(done % picture.getWidth(), done / picture.getWidth(), 0xff0000 + done);
                template.requestBody(uri, picture, String.class);
            }
            System.out.println("resident " + residentBytes());
        }
        context.stop();
        System.out.println("resident " + residentBytes());
    }

    private static long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }
}
