package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SummaryFileTest {
    private static final long MODIFIED = 1_700_000_000_000L;

    @TempDir
    private Path root;

    @ParameterizedTest
    @ValueSource(strings = {"rows.jsonl", "rows.csv"})
    void takesBackTheRowOfAPictureThatIsStillThere(String name) throws Exception {
        picture("b.png", 3);
        summary(name).append(row("a.png", "An apple."));
        List<String> before = lines(name);
        summary(name).append(row("b.png", "A bee."));
        assertThat(lines(name)).hasSize(before.size() + 1);
        summary(name).takeBack(root.resolve("left"));
        summary(name).append(row("b.png", "A bee again."));

        assertThat(lines(name)).hasSize(before.size() + 1).startsWith(before.toArray(String[]::new));
        assertThat(lines(name).get(before.size())).contains("A bee again.");
    }

    @Test
    void keepsTheRowOfAnEarlierPictureOfTheSameName() throws Exception {
        summary("rows.jsonl").append(row("b.png", "A bee."));
        picture("b.png", 4);
        summary("rows.jsonl").takeBack(root.resolve("left"));
        summary("rows.jsonl").append(row("c.png", "A cat."));

        assertThat(lines("rows.jsonl")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows.jsonl", "rows.csv"})
    void takesBackHalfARow(String name) throws Exception {
        summary(name).append(row("a.png", "An apple."));
        List<String> before = lines(name);
        Files.writeString(root.resolve(name), "{\"name\":\"b.p", StandardOpenOption.APPEND);
        summary(name).append(row("b.png", "A bee."));

        assertThat(lines(name)).hasSize(before.size() + 1).startsWith(before.toArray(String[]::new));
        assertThat(lines(name).get(before.size())).contains("A bee.");
    }

    @Test
    void keepsWhatAPersonWrote() throws Exception {
        Files.writeString(root.resolve("rows.jsonl"), "# my notes\n");
        summary("rows.jsonl").append(row("a.png", "An apple."));

        assertThat(lines("rows.jsonl")).hasSize(2).first().isEqualTo("# my notes");
    }

    @Test
    void findsRowsOfAnyLength() throws Exception {
        picture("b.png", 3);
        for (int length : new int[] {4000, 4096, 9000, 100_000}) {
            String caption = "x".repeat(length);
            summary("rows.jsonl").append(row("a.png", caption));
            summary("rows.jsonl").append(row("b.png", caption));
            summary("rows.jsonl").takeBack(root.resolve("left"));
        }
        summary("rows.jsonl").append(row("c.png", "A cat."));

        assertThat(lines("rows.jsonl"))
                .extracting(line -> line.substring(0, 16))
                .containsExactly(
                        "{\"name\":\"a.png\",",
                        "{\"name\":\"a.png\",",
                        "{\"name\":\"a.png\",",
                        "{\"name\":\"a.png\",",
                        "{\"name\":\"c.png\",");
    }

    @Test
    void writesACaptionOfSeveralLinesOnOneLineOfCsv() throws Exception {
        summary("rows.csv").append(row("a.png", "A sign:\r\n\"Stop\", it says.\nNo more."));

        assertThat(lines("rows.csv"))
                .hasSize(2)
                .last()
                .isEqualTo("a.png,\"A sign: \"\"Stop\"\", it says. No more.\",,m,stop,1,2,3,3,1700000000000,now");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\uff1d1", "'=1", "=cmd|' /C calc'!A1"})
    void putsAnApostropheBeforeWhatASpreadsheetTakesForAFormula(String text) throws Exception {
        summary("rows.csv").append(row(text, text));
        summary("rows.jsonl").append(row("a.png", text));

        assertThat(lines("rows.csv").get(1).replace("\"", "")).startsWith("'" + text + ",'" + text + ",");
        assertThat(new ObjectMapper()
                        .readTree(lines("rows.jsonl").get(0))
                        .get("caption")
                        .asText())
                .isEqualTo(text);
    }

    @Test
    void leavesOtherApostrophesAsTheyAre() throws Exception {
        summary("rows.csv").append(row("'a'.png", "'A' is written."));

        assertThat(lines("rows.csv").get(1)).startsWith("'a'.png,'A' is written.,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=b.png", "-b.png", "'=b.png", "'b.png"})
    void takesBackTheRowOfAPictureWhoseNameIsNoPlainText(String name) throws Exception {
        picture(name, 3);
        summary("rows.csv").append(row(name, "A bee."));
        summary("rows.csv").takeBack(root.resolve("left"));
        summary("rows.csv").append(row(name, "A bee again."));

        assertThat(lines("rows.csv")).hasSize(2).last().asString().contains("A bee again.");
    }

    private SummaryFile summary(String name) {
        return new SummaryFile(root.resolve(name));
    }

    private List<String> lines(String name) throws IOException {
        return Files.readAllLines(root.resolve(name));
    }

    private void picture(String name, int bytes) throws IOException {
        Path file = root.resolve("left").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[bytes]);
        assertThat(file.toFile().setLastModified(MODIFIED)).isTrue();
    }

    private static SummaryRow row(String name, String caption) {
        return new SummaryRow(name, caption, null, "m", "stop", 1, 2, 3L, 3, MODIFIED, "now");
    }
}
