package io.github.camelvlm.routes.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.ApplicationProcess;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.BatchFile;
import io.github.camelvlm.routes.Goldens;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchCommandTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Map<String, String> MODEL =
            Map.of("VLM_MODEL", Goldens.MODEL.toString(), "VLM_DTYPE", "float32", "VLM_THREADS", "1");

    @TempDir
    private Path root;

    @Test
    void goesOnWithAFileWhereAKillHasCutItOff() throws Exception {
        int count = 200;
        Files.writeString(root.resolve("in.jsonl"), BatchFile.requests(count));
        Path hidden = root.resolve(".out.jsonl");
        try (ApplicationProcess first = describe("--batch", "in.jsonl", "--output", "out.jsonl")) {
            Await.until("line 50", LIMIT, () -> BatchFile.length(hidden) >= 50);
            first.kill();
        }
        long before = BatchFile.length(hidden);
        assertThat(before).isBetween(50L, count - 1L);
        try (ApplicationProcess second = describe("--batch=in.jsonl", "--output=out.jsonl")) {
            assertThat(second.exitCode()).isZero();
            assertThat(second.output()).isEmpty();
            assertThat(String.join("\n", second.errors()))
                    .contains("in.jsonl: 200 lines, 0 failed, " + before + " answered before");
        }
        BatchFile.assertAnswers(Files.readString(root.resolve("out.jsonl")), count);
    }

    @Test
    void answersStandardInputOnStandardOutput() throws Exception {
        try (ApplicationProcess describe = describe("--batch", "-")) {
            describe.send((BatchFile.requests(3) + "{}").getBytes(StandardCharsets.UTF_8));
            assertThat(describe.exitCode()).isEqualTo(1);
            assertThat(describe.output()).hasSize(4);
            BatchFile.assertAnswers(String.join("\n", describe.output().subList(0, 3)), 3);
        }
    }

    @Test
    void answersTheSample() throws Exception {
        Path sample =
                Path.of("../samples/batch/requests.jsonl").toAbsolutePath().normalize();
        try (ApplicationProcess describe = describe("--batch", sample.toString(), "--output", "answers.jsonl")) {
            assertThat(describe.exitCode()).isZero();
        }
        assertThat(BatchFile.lines(Files.readString(root.resolve("answers.jsonl"))))
                .extracting(answer ->
                        answer.at("/response/body/choices/0/message/content").asText())
                .containsExactly(Goldens.caption("one-shape.png"), Goldens.caption("two-shapes.png"));
    }

    @Test
    void refusesWhatDoesNotGoTogether() throws Exception {
        try (ApplicationProcess describe = describe("--batch", "in.jsonl", "--json")) {
            assertThat(describe.exitCode()).isEqualTo(2);
            assertThat(describe.errors().get(0)).startsWith("--batch goes with --output and --model only");
        }
        try (ApplicationProcess describe = describe("--batch", "in.jsonl")) {
            assertThat(describe.exitCode()).isEqualTo(1);
            assertThat(describe.errors())
                    .containsExactly(
                            "camel-vlm: There is no file in.jsonl: name a file of JSON Lines, or - for standard"
                                    + " input");
        }
    }

    private ApplicationProcess describe(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "describe";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return new ApplicationProcess(root, MODEL, all);
    }
}
