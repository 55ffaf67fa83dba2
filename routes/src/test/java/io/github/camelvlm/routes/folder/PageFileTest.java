package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageFileTest {
    @TempDir
    private Path root;

    private PageFile file() {
        return new PageFile(root.resolve("captions/.a.pdf.pages"), () -> {}, () -> {});
    }

    @Test
    void keepsWhatIsKnownForALaterRun() throws Exception {
        PageFile first = file();
        first.begin();
        first.write("{\"id\":\"x-1\"}");
        first.close(true);
        PageFile second = file();
        second.begin();

        assertThat(second.earlier("{\"id\":\"x-1\"")).isEqualTo("{\"id\":\"x-1\"}");
        assertThat(second.earlier("{\"id\":\"x-2\"")).isNull();
        second.close(false);
        assertThat(root.resolve("captions/.a.pdf.pages")).doesNotExist();
    }

    @Test
    void forgetsWhatIsKnownOfAnotherDocument() throws Exception {
        PageFile first = file();
        first.begin();
        first.write("{\"id\":\"x-1\"}");
        first.close(true);
        PageFile second = file();
        second.begin();

        assertThat(second.earlier("{\"id\":\"y-1\"")).isNull();
        second.write("{\"id\":\"y-1\"}");
        second.close(true);
        assertThat(root.resolve("captions/.a.pdf.pages")).hasContent("{\"id\":\"y-1\"}\n");
    }

    @Test
    void leavesTheFileToTheDocumentThatIsInHandAlready() throws Exception {
        PageFile first = file();
        first.begin();
        first.write("{\"id\":\"x-1\"}");
        PageFile second = file();
        second.begin();
        assertThat(second.earlier("{\"id\":\"x-1\"")).isNull();
        second.write("{\"id\":\"y-1\"}");
        second.close(false);
        first.write("{\"id\":\"x-2\"}");
        first.close(true);

        assertThat(Files.readString(root.resolve("captions/.a.pdf.pages")))
                .isEqualTo("{\"id\":\"x-1\"}\n{\"id\":\"x-2\"}\n");
    }
}
