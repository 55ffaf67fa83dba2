package io.github.camelvlm.routes.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.ApplicationProcess;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.BatchFile;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningS3;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3BatchTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int COUNT = 400;
    private static final String PART = "captions/in/requests.jsonl.output.jsonl.part";
    private static final String ANSWERS = "captions/in/requests.jsonl.output.jsonl";

    @TempDir
    private Path root;

    @Test
    void answersAnObjectAndGoesOnWithWhatAKilledInstanceHasStored() throws Exception {
        try (RunningS3 s3 = new RunningS3()) {
            s3.put(BatchFile.requests(COUNT).getBytes(StandardCharsets.UTF_8), "in/requests.jsonl");
            try (ApplicationProcess first = start(s3)) {
                Await.until(
                        "a part is stored",
                        LIMIT,
                        () -> s3.keys(PART).contains(PART)
                                && s3.text(RunningS3.BUCKET, PART).lines().count() > 20);
                first.kill();
            }
            assertThat(s3.keys("captions/")).containsExactly(PART);
            long stored = s3.text(RunningS3.BUCKET, PART)
                    .chars()
                    .filter(one -> one == '\n')
                    .count();
            try (ApplicationProcess second = start(s3)) {
                Await.until("all is answered", LIMIT, () -> s3.keys("captions/").contains(ANSWERS));
                Await.until(
                        "the claim is taken back",
                        LIMIT,
                        () -> s3.keys("claims/").isEmpty());
                assertThat(String.join("\n", second.output()))
                        .contains(COUNT + " lines, 0 failed, " + stored + " answered before");
            }
            BatchFile.assertAnswers(s3.text(RunningS3.BUCKET, ANSWERS), COUNT);
            assertThat(s3.keys("captions/")).containsExactly(ANSWERS);
            assertThat(s3.keys("in/")).containsExactly("in/requests.jsonl");
        }
    }

    private ApplicationProcess start(RunningS3 s3) throws Exception {
        Map<String, String> environment = Map.of(
                "VLM_MODEL",
                Goldens.MODEL.toString(),
                "VLM_DTYPE",
                "float32",
                "VLM_THREADS",
                "1",
                "AWS_ACCESS_KEY_ID",
                "me",
                "AWS_SECRET_ACCESS_KEY",
                "secret");
        List<String> arguments = new ArrayList<>(List.of(
                "--vlm.s3=true",
                "--vlm.folder=false",
                "--s3.batch-stored-every=100ms",
                "--s3.claim-time=3s",
                "--s3.prefix=in/"));
        s3.properties().forEach((name, value) -> arguments.add("--" + name + "=" + value));
        return new ApplicationProcess(root, environment, arguments.toArray(String[]::new));
    }
}
