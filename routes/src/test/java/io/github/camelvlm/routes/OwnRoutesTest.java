package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application with a route that its user wrote. */
class OwnRoutesTest {
    @TempDir
    private Path root;

    @Test
    void runThemAloneOrBesideTheApplications() throws Exception {
        Path yaml = Files.writeString(root.resolve("mine.camel.yaml"), """
                - route:
                    id: mine
                    from:
                      uri: direct:mine
                      steps:
                        - to: vlm:describe
                """);
        WatchedFolder folder = new WatchedFolder(root);

        try (RunningService alone = new RunningService(Map.of(
                "camel.main.routesIncludePattern",
                "file:" + yaml,
                "vlm.folder",
                "true",
                "vlm.inbox",
                folder.inbox().toString()))) {
            assertThat(alone.context().getRoutes()).extracting(Route::getId).containsExactly("mine");
            assertThat(folder.inbox()).doesNotExist();
            assertThat(alone.context()
                            .createProducerTemplate()
                            .requestBody("direct:mine", Goldens.picture("one-shape.png"), String.class))
                    .isEqualTo(Goldens.caption("one-shape.png"));
        }

        // As the command line gives it, and in the other way to write it.
        System.setProperty("camel.main.routes-include-pattern", "classpath:camel/openai.camel.yaml,file:" + yaml);
        try (RunningService both = new RunningService(Map.of())) {
            assertThat(both.context().getRoutes()).extracting(Route::getId).contains("mine", "chat");
            assertThat(both.get("/v1/models").status()).isEqualTo(200);
        } finally {
            System.clearProperty("camel.main.routes-include-pattern");
        }
    }
}
