package io.github.camelvlm.fetch;

import static io.github.camelvlm.fetch.PictureSourceException.Reason.MALFORMED;
import static io.github.camelvlm.fetch.PictureSourceException.Reason.REFUSED;
import static io.github.camelvlm.fetch.PictureSourceException.Reason.UNFETCHABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPicturesTest {
    private static final byte[] BYTES = {1, 2, 3};
    private static final String OUTSIDE = "it is outside the directories that are allowed; add its directory to"
            + " allowedDirectories, or send the picture itself";

    @TempDir
    Path temporary;

    private Path allowed;
    private Path cat;
    private Path secret;
    private PictureFetcher fetcher;

    @BeforeEach
    void makeFiles() throws IOException {
        allowed = Files.createDirectory(temporary.resolve("allowed"));
        cat = Files.write(allowed.resolve("big cat.png"), BYTES);
        secret = Files.write(
                Files.createDirectory(temporary.resolve("allowed-not")).resolve("secret.png"), BYTES);
        fetcher = new PictureFetcher(
                PicturePolicy.DEFAULT.withAllowedDirectories(List.of(temporary.resolve("missing"), allowed)));
    }

    @Test
    void readsPathsAndFileUrls() {
        assertThat(fetcher.fetch(cat.toString())).isEqualTo(BYTES);
        assertThat(fetcher.fetch(cat.toUri().toString())).isEqualTo(BYTES);
        assertThat(fetcher.fetch("FILE://LocalHost" + cat.toUri().getRawPath())).isEqualTo(BYTES);
        assertThat(fetcher.fetch(allowed + "/../allowed/./big cat.png")).isEqualTo(BYTES);
    }

    @Test
    void followsASymbolicLinkThatStaysInside() throws IOException {
        Path link = Files.createSymbolicLink(allowed.resolve("link.png"), cat);
        assertThat(fetcher.fetch(link.toString())).isEqualTo(BYTES);
    }

    @Test
    void readsThroughALinkToTheAllowedDirectory() throws IOException {
        Path link = Files.createSymbolicLink(temporary.resolve("alias"), allowed);
        assertThat(fetcher.fetch(link.resolve("big cat.png").toString())).isEqualTo(BYTES);
        PictureFetcher byAlias = new PictureFetcher(PicturePolicy.DEFAULT.withAllowedDirectories(List.of(link)));
        assertThat(byAlias.fetch(cat.toString())).isEqualTo(BYTES);
    }

    @Test
    void refusesAllFilesByDefault() {
        PictureFetcher strict = new PictureFetcher(PicturePolicy.DEFAULT);
        assertRefused(
                strict,
                "file:///etc/passwd",
                "picture file:///etc/passwd is refused: local files are not allowed; name their directory in"
                        + " allowedDirectories, or send the picture itself");
        assertRefused(
                strict,
                cat.toString(),
                "picture " + cat + " is refused: local files are not allowed; name their"
                        + " directory in allowedDirectories, or send the picture itself");
    }

    @Test
    void refusesAFileUrlOutsideTheAllowedDirectories() {
        assertRefused(fetcher, "file:///etc/passwd", "picture file:///etc/passwd is refused: " + OUTSIDE);
    }

    @Test
    void refusesADirectoryWhoseNameOnlyBeginsLikeAnAllowedOne() {
        assertRefused(fetcher, secret.toString(), "picture " + secret + " is refused: " + OUTSIDE);
    }

    @Test
    void refusesAPathThatClimbsOut() {
        String path = allowed + "/../allowed-not/secret.png";
        assertRefused(fetcher, path, "picture " + path + " is refused: " + OUTSIDE);
    }

    @Test
    void refusesAFileUrlThatClimbsOutPercentEncoded() {
        String url = allowed.toUri() + "%2e%2e/allowed-not/secret.png";
        assertRefused(fetcher, url, "picture " + url + " is refused: " + OUTSIDE);
    }

    @Test
    void refusesASymbolicLinkOutOfTheAllowedDirectory() throws IOException {
        Path link = Files.createSymbolicLink(allowed.resolve("link.png"), secret);
        assertRefused(fetcher, link.toString(), "picture " + link + " is refused: " + OUTSIDE);
    }

    @Test
    void refusesALinkedDirectoryOutOfTheAllowedOne() throws IOException {
        Path link = Files.createSymbolicLink(allowed.resolve("link"), secret.getParent());
        assertRefused(fetcher, link + "/secret.png", "picture " + link + "/secret.png is refused: " + OUTSIDE);
        assertRefused(
                fetcher,
                link + "/../allowed-not/secret.png",
                "picture " + link + "/../allowed-not/secret.png is refused: " + OUTSIDE);
    }

    @Test
    void doesNotTellWhatExistsOutside() throws IOException {
        Files.createSymbolicLink(allowed.resolve("link"), secret.getParent());
        for (String missing :
                List.of(temporary + "/no.png", allowed + "/../no.png", allowed + "/link/no.png", "/no/such/file.png")) {
            assertRefused(fetcher, missing, "picture " + missing + " is refused: " + OUTSIDE);
        }
    }

    @Test
    void saysThatThereIsNoSuchFile() {
        assertFails(
                fetcher,
                allowed + "/no.png",
                UNFETCHABLE,
                "picture " + allowed + "/no.png cannot be fetched: there is no such file to be read; check the name");
    }

    @Test
    @Timeout(value = 5, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void doesNotWaitForAPipe() throws IOException, InterruptedException {
        Path pipe = allowed.resolve("pipe.png");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "this system has no mkfifo");
        new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor();
        assertFails(
                fetcher,
                pipe.toString(),
                UNFETCHABLE,
                "picture " + pipe + " cannot be fetched: it is not a regular file; name one");
    }

    @Test
    void refusesADirectory() {
        assertFails(
                fetcher,
                allowed.toString(),
                UNFETCHABLE,
                "picture " + allowed + " cannot be fetched: it is not a regular file; name one");
    }

    @Test
    void refusesAFileThatIsTooLarge() {
        PicturePolicy policy = PicturePolicy.DEFAULT.withAllowedDirectories(List.of(allowed));
        assertRefused(
                new PictureFetcher(policy.withMaxImageBytes(2)),
                cat.toString(),
                "picture " + cat
                        + " is refused: it has more than the 2 bytes allowed; send a smaller file, or raise maxImageBytes");
        assertThat(new PictureFetcher(policy.withMaxImageBytes(3)).fetch(cat.toString()))
                .isEqualTo(BYTES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "ftp://example.org/a.png",
                "jar:file:/a.jar!/b.png",
                "file:cat.png",
                "file://example.org/a.png",
                "file://my_host/a.png",
                "file:///a%00.png",
                "file:///a?b",
                "/a\0b",
                "file:///a%zz"
            })
    void saysThatAUrlCannotBeUsed(String url) {
        assertFails(
                fetcher,
                url,
                MALFORMED,
                "picture " + UrlName.of(url.strip())
                        + " has a URL that cannot be used: write https://…, data:image/png;base64,… or file:///…");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "iVBORw0KGgoAAAANSUhEUg | iVBORw0KGgoA… is base64 without the beginning of a data URL: write"
                        + " data:image/png;base64, before it",
                "/9j/4AAQSkZJRgABAQAAAQABAAD | /9j/4AAQSkZJ… is base64 without the beginning of a data URL: write"
                        + " data:image/jpeg;base64, before it",
                "R0lGODlhAQABAAAAACw= | R0lGODlhAQAB… is base64 without the beginning of a data URL: write"
                        + " data:image/gif;base64, before it",
                "image/webp;base64,UklGRhoAAABXRUJQ | image/webp;b… is a data URL without its beginning: write"
                        + " data:image/webp;base64, and the data",
                "base64,UklGRhoAAABXRUJQ | base64,UklGR… is a data URL without its beginning: write"
                        + " data:image/png;base64, and the data",
            })
    void saysWhatBareBase64Lacks(String url, String problem) {
        for (PictureFetcher any : List.of(fetcher, new PictureFetcher(PicturePolicy.DEFAULT))) {
            assertFails(any, url, MALFORMED, "picture " + problem);
            assertFails(any, " \n" + url, MALFORMED, "picture " + problem);
        }
    }

    @Test
    void repeatsNoMoreOfBareBase64ThanItsBeginning() {
        for (String digits : List.of("Qk" + "A".repeat(100_000), "/".repeat(5_000), "ab+/\n".repeat(5_000))) {
            assertThatThrownBy(() -> fetcher.fetch(digits))
                    .hasMessageStartingWith("picture " + digits.substring(0, 4))
                    .hasMessageContaining("base64, before it")
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(150));
        }
    }

    @Test
    void takesAShortWordForAFile() throws IOException {
        Path word = Files.write(allowed.resolve("QkPicturesOf2026"), BYTES);

        assertThat(fetcher.fetch(" " + word + "\n")).isEqualTo(BYTES);
    }

    private static void assertRefused(PictureFetcher fetcher, String url, String message) {
        assertFails(fetcher, url, REFUSED, message);
    }

    private static void assertFails(
            PictureFetcher fetcher, String url, PictureSourceException.Reason reason, String message) {
        assertThatThrownBy(() -> fetcher.fetch(url))
                .isInstanceOfSatisfying(
                        PictureSourceException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessage(message);
    }
}
