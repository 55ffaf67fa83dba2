package io.github.camelvlm.routes.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.FaultyS3;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningS3;
import io.github.camelvlm.routes.RunningService;
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
        // The SDK itself tries four times.
        faulty.refuse("GET", "failing.png", 503, 5);
        s3.put("one-shape.png", "failing.png");
        Await.until("it is described", () -> s3.isDescribed("failing.png"));

        assertThat(faulty.left("GET", "failing.png")).isZero();
        assertThat(s3.caption("failing.png").get("caption").asText()).isEqualTo(Goldens.caption("one-shape.png"));
    }

    @Test
    void leavesAPictureInTheBucketWhoseCaptionIsRefusedAndGoesOnWithOthers() throws Exception {
        faulty.refuse("PUT", "captions/refused.png.json", 403, Integer.MAX_VALUE);
        s3.put("one-shape.png", "refused.png");
        Await.until(
                "its caption is refused twice",
                () -> faulty.left("PUT", "captions/refused.png.json") < Integer.MAX_VALUE - 1);
        s3.put("two-shapes.png", "other.png");
        Await.until("another is described", () -> s3.isDescribed("other.png"));
        assertThat(s3.isDescribed("refused.png")).isFalse();

        faulty.refuse("PUT", "captions/refused.png.json", 403, 0);
        Await.until("it is described", () -> s3.isDescribed("refused.png"));
        assertThat(s3.keys("failed/")).isEmpty();
    }

    @Test
    void waitsForNoneOfManyPicturesThatAreRefused() throws Exception {
        for (int number = 0; number < 40; number++) {
            faulty.refuse("GET", "archived-" + number + ".png", 403, Integer.MAX_VALUE);
            s3.put("one-shape.png", "archived-" + number + ".png");
        }
        s3.put("one-shape.png", "open.png");
        Await.until("it is described", () -> s3.isDescribed("open.png"));

        assertThat(s3.keys("archived-")).hasSize(40);
        s3.keys("archived-")
                .forEach(key -> s3.client()
                        .deleteObject(
                                request -> request.bucket(RunningS3.BUCKET).key(key)));
    }

    @Test
    void looksAtTheBucketAgainThatCouldNotBeListed() throws Exception {
        faulty.refuse("GET", "", 403, 1);
        Await.until("a listing is refused", () -> faulty.left("GET", "") == 0);
        s3.put("one-shape.png", "later.png");
        Await.until("it is described", () -> s3.isDescribed("later.png"));
    }
}
