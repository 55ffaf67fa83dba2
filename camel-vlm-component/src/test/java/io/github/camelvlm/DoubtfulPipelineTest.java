package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.goldens.GoldenCase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample that sends doubtful answers to a person, as it is but for its folders and its model. */
class DoubtfulPipelineTest extends VlmTestSupport {
    private static final Path SAMPLE = Path.of("../samples/pipelines/doubtful.camel.yaml");

    @TempDir
    private Path folder;

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        Properties properties = new Properties();
        // Between the two: it is surer of a drawing than of noise.
        properties.setProperty("confidence.least", "0.99");
        context.getPropertiesComponent().setOverrideProperties(properties);
        return context;
    }

    @Test
    void separatesWhatTheModelWasSureOfFromTheRest() throws Exception {
        Path uploads = Files.createDirectories(folder.resolve("uploads"));
        Files.write(uploads.resolve("sure.png"), GoldenCase.picture(ONE_SHAPE).bytes());
        Files.write(uploads.resolve("doubtful.png"), Drawing.noise());
        Files.writeString(uploads.resolve("words.png"), "words");
        String yaml = Files.readString(SAMPLE)
                .replace("file:uploads", "file:" + uploads)
                .replace("file:.", "file:" + folder)
                .replace(
                        "              maxTokens: 100\n",
                        "              maxTokens: 100\n              "
                                + MODEL.replace("=", ": ").replace("&", "\n              ") + "\n");
        NotifyBuilder three = new NotifyBuilder(context()).whenDone(3).create();

        context()
                .addRoutes(PluginHelper.getRoutesLoader(context())
                        .findRoutesBuilders(ResourceHelper.fromString("doubtful.camel.yaml", yaml))
                        .iterator()
                        .next());

        assertThat(three.matchesWaitTime()).isTrue();
        assertThat(folder.resolve("accepted/sure.png.txt")).hasContent(ONE_SHAPE_CAPTION);
        assertThat(folder.resolve("accepted/sure.png")).exists();
        assertThat(folder.resolve("review/doubtful.png.txt")).exists();
        assertThat(folder.resolve("review/doubtful.png")).exists();
        assertThat(folder.resolve("review/words.png")).exists();
    }
}
