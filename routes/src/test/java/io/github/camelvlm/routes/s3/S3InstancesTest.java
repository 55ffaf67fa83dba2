package io.github.camelvlm.routes.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.RunningS3;
import io.github.camelvlm.routes.RunningService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/** Two instances of the application on one bucket. */
class S3InstancesTest {
    private static final int PICTURES = 24;

    @Test
    void describeEachPictureOnce() throws Exception {
        try (RunningS3 s3 = new RunningS3()) {
            // The server keeps what is written over: a picture described twice has two captions.
            s3.client().createBucket(request -> request.bucket("captions"));
            s3.client()
                    .putBucketVersioning(request -> request.bucket("captions")
                            .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
            List<String> captions = new ArrayList<>();
            for (int number = 1; number <= PICTURES; number++) {
                s3.put("two-shapes.png", "in/" + number + ".png");
                captions.add("in/" + number + ".png.json");
            }
            Map<String, String> properties = new HashMap<>(s3.properties());
            properties.put("vlm.s3", "true");
            properties.put("s3.prefix", "in/");
            properties.put("s3.captions-bucket", "captions");
            properties.put("s3.captions", "");

            int first;
            int second;
            try (RunningService one = new RunningService(properties);
                    RunningService two = new RunningService(properties)) {
                Await.until(
                        "all are described", () -> s3.keys("captions", "in/").size() == PICTURES);
                Await.until(
                        "no claim is left", () -> s3.keys("captions", "claims/").isEmpty());
                first = described(one);
                second = described(two);
            }

            assertThat(s3.client()
                            .listObjectVersions(
                                    request -> request.bucket("captions").prefix("in/"))
                            .versions())
                    .extracting(ObjectVersion::key)
                    .containsExactlyInAnyOrderElementsOf(captions);
            assertThat(first + second).isEqualTo(PICTURES);
        }
    }

    private static int described(RunningService service) throws Exception {
        return service.get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("vlm_request_success_total"))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
