package io.github.camelvlm.routes.s3;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.github.camelvlm.routes.ApplicationProcess;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningS3;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log says of a bucket that cannot be used: one sentence. */
class S3StartTest {
    @TempDir
    private Path root;

    private Map<String, String> environment(String endpoint) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "VLM_MODEL", Goldens.MODEL.toString(),
                "VLM_FOLDER", "false",
                "VLM_S3", "true",
                "S3_BUCKET", "missing",
                "S3_ENDPOINT", endpoint,
                "S3_PATH_STYLE", "true",
                "S3_DELAY", "100",
                "AWS_ACCESS_KEY_ID", "me",
                "AWS_SECRET_ACCESS_KEY", "secret",
                "AWS_EC2_METADATA_DISABLED", "true"));
        environment.put("AWS_CONFIG_FILE", root.resolve("none").toString());
        return environment;
    }

    @Test
    void namesABucketThatIsMissing() throws Exception {
        try (RunningS3 s3 = new RunningS3()) {
            Map<String, String> environment = environment(s3.endpoint());
            environment.put("S3_REGION", "us-east-1");

            assertThat(warnings(environment))
                    .singleElement(as(STRING))
                    .endsWith(
                            "The bucket missing cannot be listed at " + s3.endpoint()
                                    + ": there is none of this name; make it, or name another by S3_BUCKET. It is looked at again");
        }
    }

    @Test
    void namesAServerThatCannotBeReached() throws Exception {
        String endpoint;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            endpoint = "http://127.0.0.1:" + taken.getLocalPort();
        }
        Map<String, String> environment = environment(endpoint);
        environment.put("S3_REGION", "us-east-1");

        assertThat(warnings(environment))
                .singleElement(as(STRING))
                .contains("The bucket missing cannot be listed at " + endpoint + ": the server cannot be reached (")
                .endsWith("); check S3_ENDPOINT and the network. It is looked at again");
    }

    /** What is logged from the first warning on while the bucket is looked at some more times. */
    private List<String> warnings(Map<String, String> environment) throws Exception {
        try (ApplicationProcess application = new ApplicationProcess(root, environment)) {
            Await.until(
                    "a warning",
                    Duration.ofMinutes(2),
                    () -> !warnings(application).isEmpty());
            long looks = System.nanoTime() + 1_000_000_000L;
            Await.until("some more looks", () -> System.nanoTime() > looks);
            assertThat(application.errors()).isEmpty();
            return warnings(application);
        }
    }

    private static List<String> warnings(ApplicationProcess application) throws Exception {
        return application.output().stream()
                .filter(line -> !line.contains(" INFO "))
                .toList();
    }

    @Test
    void refusesToStartWithoutARegion() throws Exception {
        try (ApplicationProcess application = new ApplicationProcess(root, environment("http://127.0.0.1:1"))) {
            assertThat(application.exitCode()).isEqualTo(1);
            assertThat(application.errors())
                    .containsExactly(
                            "camel-vlm cannot start: s3.region is not set, and AWS_REGION and ~/.aws/config name none"
                                    + " either: name the region of the bucket by S3_REGION, such as eu-central-1; for another server"
                                    + " than Amazon's any will do");
        }
    }
}
