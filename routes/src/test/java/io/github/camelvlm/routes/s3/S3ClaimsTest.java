package io.github.camelvlm.routes.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.RunningS3;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;

/** Which of several instances describes a picture; the instances have nothing in common but an S3 server. */
class S3ClaimsTest {
    private static final Duration CLAIM_TIME = Duration.ofSeconds(3);

    private static RunningS3 s3;
    private static S3Connection connection;
    private static DefaultCamelContext context;

    @BeforeAll
    static void start() {
        s3 = new RunningS3();
        connection = s3.connection();
        context = new DefaultCamelContext();
        context.start();
    }

    @AfterAll
    static void stop() {
        context.stop();
        connection.close();
        s3.close();
    }

    private static S3Claims instance() {
        S3Places places = new S3Places();
        places.setBucket(RunningS3.BUCKET);
        S3Claims claims = new S3Claims();
        claims.setConnection(connection);
        claims.setPlaces(places);
        claims.setClaimTime(CLAIM_TIME.toSeconds() + "s");
        claims.setCamelContext(context);
        return claims;
    }

    private static void describe(String key) {
        s3.client()
                .putObject(
                        request -> request.bucket(RunningS3.BUCKET).key("captions/" + key + ".json"),
                        RequestBody.fromString("{}"));
    }

    @Test
    void givesAPictureToTheFirst() {
        S3Claims first = instance();
        S3Claims second = instance();

        assertThat(first.add("one.png")).isTrue();
        assertThat(first.add("one.png")).isFalse();
        assertThat(second.add("one.png")).isFalse();
        assertThat(second.add("two.png")).isTrue();
    }

    @Test
    void givesNobodyAPictureThatIsDescribed() {
        S3Claims first = instance();
        assertThat(first.add("done.png")).isTrue();
        describe("done.png");
        first.confirm("done.png");

        assertThat(first.add("done.png")).isFalse();
        assertThat(instance().add("done.png")).isFalse();
        assertThat(s3.keys("claims/done.png/")).isEmpty();
    }

    @Test
    void givesAPictureAgainThatFailed() {
        S3Claims first = instance();
        assertThat(first.add("again.png")).isTrue();
        first.remove("again.png");

        assertThat(instance().add("again.png")).isTrue();
    }

    @Test
    void tellsApartKeysOfWhichOneBeginsWithTheOther() {
        assertThat(instance().add("a/b.png/c.png")).isTrue();
        assertThat(instance().add("a/b.png")).isTrue();
        assertThat(instance().add("a/b.png/c.png")).isFalse();
    }

    @Test
    void givesAPictureToOneAtMostOfManyWhoAskAtOnce() throws Exception {
        List<S3Claims> instances =
                Stream.generate(S3ClaimsTest::instance).limit(8).toList();
        ExecutorService threads = Executors.newFixedThreadPool(instances.size());
        try {
            for (int number = 0; number < 10; number++) {
                String key = "rush-" + number + ".png";
                List<Future<Boolean>> answers = new ArrayList<>();
                for (S3Claims claims : instances) {
                    answers.add(threads.submit(() -> claims.add(key)));
                }
                int winners = 0;
                for (Future<Boolean> answer : answers) {
                    winners += answer.get() ? 1 : 0;
                }
                assertThat(winners).as(key).isLessThanOrEqualTo(1);
                assertThat(s3.keys("claims/" + key + "/")).as(key).hasSize(winners);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void takesOverWhatACrashLeft() throws Exception {
        Instant start = Instant.now();
        assertThat(instance().add("left.png")).isTrue();
        S3Claims other = instance();
        Await.until("the claim counts no more", () -> other.add("left.png"));

        assertThat(Duration.between(start, Instant.now())).isGreaterThan(CLAIM_TIME.minusSeconds(1));
        assertThat(s3.keys("claims/left.png/")).hasSize(1);
    }

    @Test
    void keepsAPictureForAsLongAsItIsInHand() throws Exception {
        S3Claims slow = instance();
        slow.start();
        assertThat(slow.add("slow.png")).isTrue();
        String claim = s3.keys("claims/slow.png/").get(0);
        Instant made = written(claim);
        Await.until(
                "the claim would count no more, had it not been renewed",
                () -> written(claim).isAfter(made.plus(CLAIM_TIME)));

        assertThat(instance().add("slow.png")).isFalse();
        slow.stop();
        assertThat(s3.keys("claims/slow.png/")).isEmpty();
    }

    private static Instant written(String key) {
        return s3.client()
                .headObject(request -> request.bucket(RunningS3.BUCKET).key(key))
                .lastModified();
    }

    @Test
    void refusesAClaimTimeThatSecondsCannotTell() {
        assertThatThrownBy(() -> new S3Claims().setClaimTime("2s"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("s3.claim-time is 2s: give at least 3s");
    }
}
