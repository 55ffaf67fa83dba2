package io.github.camelvlm.routes.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.routes.BatchFile;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningRoutes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches that an earlier run has begun or ended. */
class ResumedBatchesTest {
    @TempDir
    private static Path folder;

    private static RunningRoutes routes;
    private static Batches batches;

    @TempDir
    private Path root;

    @BeforeAll
    static void start() {
        routes = new RunningRoutes(folder, Map.of("vlm.folder", "false"));
        batches = new Batches();
        batches.setCamelContext(routes.context());
        batches.setAtOnce(4);
    }

    @AfterAll
    static void stop() {
        batches.close();
        routes.close();
    }

    @Test
    void goesOnAfterATornLine() throws Exception {
        Path input = Files.writeString(root.resolve("in.jsonl"), BatchFile.requests(6));
        Path output = root.resolve("out.jsonl");
        batches.answer(input, output, "in");
        String whole = Files.readString(output);
        List<String> lines = whole.lines().toList();
        // What a crash within the fourth line leaves.
        Files.delete(output);
        Files.writeString(
                root.resolve(".out.jsonl"),
                String.join("\n", lines.subList(0, 3)) + "\n" + lines.get(3).substring(0, 60));

        assertThat(batches.answer(input, output, "in")).isEqualTo(new BatchCount(6, 0, 3));

        BatchFile.assertAnswers(Files.readString(output), 6);
        assertThat(Files.readString(output).lines().limit(3)).containsExactlyElementsOf(lines.subList(0, 3));
    }

    @Test
    void goesOnWithAStreamThatIsSentAgain() throws Exception {
        byte[] requests = BatchFile.requests(4).getBytes(StandardCharsets.UTF_8);
        Path output = root.resolve("out.jsonl");
        batches.answer(new ByteArrayInputStream(requests), output, "stream");
        // An earlier output is there beside what a later run has begun.
        String begun = Files.readString(output).lines().limit(2).collect(Collectors.joining("\n", "", "\n"));
        Files.writeString(root.resolve(".out.jsonl"), begun);

        assertThat(batches.answer(new ByteArrayInputStream(requests), output, "stream"))
                .isEqualTo(new BatchCount(4, 0, 2));

        BatchFile.assertAnswers(Files.readString(output), 4);
        assertThat(Files.readString(output)).startsWith(begun);
    }

    @Test
    void answersNothingTwiceWhereAllWasAnswered() throws Exception {
        Path input = Files.writeString(root.resolve("in.jsonl"), BatchFile.requests(3) + "{}\n");
        Path output = root.resolve("out.jsonl");
        batches.answer(input, output, "in");
        String whole = Files.readString(output);

        assertThat(batches.answer(input, output, "in")).isEqualTo(new BatchCount(4, 1, 4));

        assertThat(output).hasContent(whole);
    }

    @Test
    void takesNoAnswersOfAnotherBatchForItsOwn() throws Exception {
        Path output = root.resolve("out.jsonl");
        batches.answer(Files.writeString(root.resolve("one.jsonl"), BatchFile.requests(3)), output, "one");
        // Of the same names.
        String other = BatchFile.request("request-0", BatchFile.picture(1)) + "\n";
        Files.writeString(root.resolve("two.jsonl"), other);

        assertThat(batches.answer(root.resolve("two.jsonl"), output, "two")).isEqualTo(new BatchCount(1, 0, 0));

        assertThat(BatchFile.lines(Files.readString(output))).hasSize(1);
        assertThat(Files.readString(output)).contains(Goldens.caption(BatchFile.picture(1)));
    }

    @Test
    void refusesAnOutputThatAnotherRunWrites() throws Exception {
        Path input = Files.writeString(root.resolve("in.jsonl"), BatchFile.requests(1));
        Path output = root.resolve("out.jsonl");
        try (ResumableFile other = new ResumableFile(output)) {
            assertThat(other.isWhole()).isFalse();
            assertThatThrownBy(() -> batches.answer(input, output, "in"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is being written by another run");
        }
        assertThat(batches.answer(input, output, "in").failed()).isZero();
    }
}
