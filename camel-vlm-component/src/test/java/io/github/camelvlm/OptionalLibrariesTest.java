package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.goldens.GoldenCase;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM of its own, whose class path holds only what the component itself brings. */
class OptionalLibrariesTest {
    private static final Pattern OPTIONAL = Pattern.compile(
            ".*(spring|langchain4j|micrometer|prometheus|opentelemetry|camel-telemetry|endpointdsl|platform-http|vertx|netty|jsonschema|attachments|activation|mail|kamelet|pdfbox|fontbox|bytedeco).*");

    @Test
    void describesAPictureWithoutAnyOfThem(@TempDir Path folder) throws Exception {
        String own = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !OPTIONAL.matcher(Path.of(entry).getFileName().toString())
                        .matches())
                .collect(Collectors.joining(File.pathSeparator));
        Path output = folder.resolve("output.txt");

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        own,
                        OptionalLibrariesTest.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(Files.readString(output))
                .contains("caption: " + VlmTestSupport.ONE_SHAPE_CAPTION)
                .contains("no Micrometer here")
                .contains("outputClass needs com.github.victools:jsonschema-generator and"
                        + " com.github.victools:jsonschema-module-jackson: add them to the dependencies");
    }

    /** What the other JVM does. */
    public static void main(String[] args) {
        try {
            Class.forName("io.micrometer.core.instrument.MeterRegistry");
        } catch (ClassNotFoundException e) {
            System.out.println("no Micrometer here");
        }
        CamelContext context = new DefaultCamelContext();
        context.start();
        ProducerTemplate template = context.createProducerTemplate();
        System.out.println("caption: "
                + template.requestBody(
                        "vlm:describe?temperature=0&" + VlmTestSupport.MODEL,
                        GoldenCase.picture(VlmTestSupport.ONE_SHAPE).bytes(),
                        String.class));
        try {
            context.getEndpoint("vlm:extract?outputClass=java.lang.String&" + VlmTestSupport.MODEL)
                    .createProducer()
                    .start();
        } catch (Exception e) {
            System.out.println(e.getMessage());
        }
        context.stop();
    }
}
