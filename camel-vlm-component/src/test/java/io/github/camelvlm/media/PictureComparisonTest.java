package io.github.camelvlm.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison with Pillow's pixels, of files whose outcome is known. */
class PictureComparisonTest {

    @TempDir
    private Path folder;

    private final StringBuilder index = new StringBuilder();

    private String compare() throws IOException {
        Files.writeString(folder.resolve("pixels.tsv"), index);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PictureComparison.compare(folder, folder, new PrintStream(printed, true, StandardCharsets.UTF_8));
        return printed.toString(StandardCharsets.UTF_8);
    }

    private void add(String name, byte[] bytes, String format, String result) throws IOException {
        Files.write(folder.resolve(name), bytes);
        index.append(name + "\t" + format + "\t" + result + "\n");
    }

    private void expect(String png, String golden) throws IOException {
        Files.write(folder.resolve(png), Pictures.bytes(golden));
    }

    @Test
    void tellsOfEachFileHowItComparesAndCountsByFormat() throws IOException {
        expect("0.png", "goldens/images/one-shape.png");
        expect("1.png", "media/expected/lossy-40.webp.png");
        expect("2.png", "media/expected/lossy-90.webp.png");
        add("same.png", Pictures.bytes("goldens/images/one-shape.png"), "PNG", "0.png");
        add("other.webp", Pictures.bytes("media/formats/lossy-3.webp"), "WEBP", "2.png");
        add("same.webp", Pictures.bytes("media/formats/lossy-40.webp"), "WEBP", "1.png");
        add("large.webp", Pictures.bytes("media/formats/lossy-3.webp"), "WEBP", "0.png");
        add("broken.png", new byte[] {1, 2, 3}, "PNG", "0.png");
        add("page.html", "<html>".getBytes(StandardCharsets.US_ASCII), "none", "UnidentifiedImageError: no");
        add("alone.gif", Pictures.bytes("media/formats/gray.gif"), "GIF", "OSError: no");

        assertThat(compare())
                .contains("equal      same.png\n", "equal      same.webp\n")
                .contains("size       other.webp: 77 × 63 pixels | Pillow: 77 × 41 pixels\n")
                .contains("refused    picture broken.png is not a PNG", "refused    picture page.html is not a PNG")
                .contains("| Pillow: UnidentifiedImageError: no\n")
                .contains("read alone alone.gif: 46 × 31 pixels | Pillow: OSError: no\n")
                .contains("| format | files | equal | ≤ 4 | > 4 | size | refused | read alone | refused by both |\n")
                .contains("| GIF | 1 | 0 | 0 | 0 | 0 | 0 | 1 | 0 |\n")
                .contains("| PNG | 2 | 1 | 0 | 0 | 0 | 1 | 0 | 0 |\n")
                .contains("| WEBP | 3 | 1 | 0 | 0 | 2 | 0 | 0 | 0 |\n")
                .contains("| none | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 1 |\n");
    }

    @Test
    void tellsHowFarPixelsDiffer() throws IOException {
        expect("0.png", "media/expected/gray-alpha.png.png");
        add("solid.png", Pictures.bytes("media/formats/rgba.png"), "PNG", "0.png");
        assertThat(compare())
                .containsPattern("differs    solid.png: by \\d+ at most, \\d+\\.\\d{3} on average\n")
                .contains("| PNG | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 0 |\n");
    }
}
