package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageFileTest {
    @TempDir
    private Path root;

    private PageFile file() {
        return new PageFile(root.resolve("captions/.a.pdf.pages"), () -> {}, (answered, wanted) -> {});
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

    private Path left(String name, Instant written) throws Exception {
        Path file = root.resolve("captions").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{}\n");
        return Files.setLastModifiedTime(file, FileTime.from(written));
    }

    @Test
    void isRemovedWhenItIsOldAndItsDocumentHasGone() throws Exception {
        Instant old = Instant.now().minus(Duration.ofDays(2));
        Path gone = left("letters/.gone.pdf.pages", old);
        Path young = left(".young.pdf.pages", Instant.now());
        Path there = left("letters/.there.pdf.pages", old);
        Path inHand = left("letters/.in-hand.pdf.pages", old);
        Path other = left("letters/there.pages", old);
        Path foreign = left("letters/._numbers.pages", old);
        Files.write(foreign, new byte[] {0, 5, 22, 7});
        Files.setLastModifiedTime(foreign, FileTime.from(old));
        for (String document : List.of("inbox/letters/there.pdf", "inbox/.camel-vlm/1234/letters/in-hand.pdf")) {
            Files.createDirectories(root.resolve(document).getParent());
            Files.createFile(root.resolve(document));
        }
        LeftPageFiles.remove(
                root.resolve("captions"), root.resolve("inbox"), Instant.now().minus(Duration.ofDays(1)));

        assertThat(gone).doesNotExist();
        assertThat(List.of(young, there, inHand, other, foreign))
                .allSatisfy(file -> assertThat(file).exists());
    }

    @Test
    void staysWhereAProcessThatHasJoinedMeanwhileHasItsDocumentInHand() throws Exception {
        Path file = left(".a.pdf.pages", Instant.now());
        LeftPageFiles left = new LeftPageFiles(
                root.resolve("captions"), root.resolve("inbox"), Instant.now().plus(Duration.ofDays(1)));
        Path document = root.resolve("inbox/.camel-vlm/1234/a.pdf");
        Files.createDirectories(document.getParent());
        Files.createFile(document);
        Files.walkFileTree(root.resolve("captions"), left);
        assertThat(file).exists();

        Files.delete(document);
        Files.walkFileTree(root.resolve("captions"), left);
        assertThat(file).doesNotExist();
    }

    @Test
    void isNotLookedForWhereThereIsNoFolder() throws Exception {
        LeftPageFiles.remove(root.resolve("captions"), root.resolve("inbox"), Instant.now());

        assertThat(root).isEmptyDirectory();
    }
}
