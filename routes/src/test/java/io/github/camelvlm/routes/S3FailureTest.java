package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Failures of S3, which are no picture's fault. */
class S3FailureTest {
    private static RunningS3 s3;
    private static FaultyS3 faulty;
    private static RunningService service;

    @BeforeAll
    static void start() throws Exception {
        s3 = new RunningS3();
        faulty = new FaultyS3(s3);
        Map<String, String> properties = new HashMap<>(s3.properties());
        properties.put("vlm.s3", "true");
        properties.put("s3.endpoint", faulty.endpoint());
        properties.put("s3.retries", "3");
        service = new RunningService(properties);
    }

    @AfterAll
    static void stop() {
        service.close();
        faulty.close();
        s3.close();
    }

    @Test
    void readsAPictureAgainUntilItComes() throws Exception {
        faulty.refuse("GET", "refused.png", 2);
        s3.put("one-shape.png", "refused.png");
        Await.until("it is described", () -> s3.isDescribed("refused.png"));

        assertThat(faulty.left("GET", "refused.png")).isZero();
        assertThat(s3.caption("refused.png").get("caption").asText()).isEqualTo(Goldens.caption("one-shape.png"));
    }

    @Test
    void leavesAPictureInTheBucketWhoseCaptionCannotBeWrittenAndGoesOnWithOthers() throws Exception {
        int refusals = 9; // of four tries in each of three rounds, the last succeeds
        faulty.refuse("PUT", "captions/stuck.png.json", refusals);
        s3.put("one-shape.png", "stuck.png");
        Await.until("its caption is refused", () -> faulty.left("PUT", "captions/stuck.png.json") < refusals);
        s3.put("two-shapes.png", "other.png");
        Await.until("another is described", () -> s3.isDescribed("other.png"));
        assertThat(s3.isDescribed("stuck.png")).isFalse();

        Await.until("it is described", () -> s3.isDescribed("stuck.png"));
        assertThat(s3.keys("failed/")).isEmpty();
    }

    @Test
    void looksAtTheBucketAgainThatCouldNotBeListed() throws Exception {
        faulty.refuse("GET", "", 1);
        Await.until("a listing is refused", () -> faulty.left("GET", "") == 0);
        s3.put("one-shape.png", "later.png");
        Await.until("it is described", () -> s3.isDescribed("later.png"));
    }
}
