package io.github.camelvlm.routes.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.media.PictureType;
import io.github.camelvlm.routes.RunningS3;
import io.github.camelvlm.routes.RunningService;
import io.github.camelvlm.routes.start.StartFailure;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class S3PicturesTest {

    @Test
    void listsThePicturesOfManyPagesThatHaveNoCaption() {
        try (RunningS3 s3 = new RunningS3();
                S3Connection connection = s3.connection()) {
            S3Places places = places();
            S3Pictures pictures = new S3Pictures();
            pictures.setConnection(connection);
            pictures.setPlaces(places);
            // Behind one another in S3's order, but their captions are not: "-" comes before ".".
            List<String> keys = new ArrayList<>(List.of("in/a.png", "in/a.png-b.png", "in/a.png/c.png", "in/z.png"));
            IntStream.range(0, 1100).forEach(number -> keys.add(String.format("in/%04d.png", number)));
            keys.parallelStream().forEach(key -> s3.put(new byte[0], key));
            List.of("other/x.png", "in/notes.txt", "failed/in/y.png", "claims/in/a.png/me.png")
                    .forEach(key -> s3.put(new byte[0], key));
            List<String> described = keys.stream()
                    .filter(key -> key.endsWith("7.png") || key.equals("in/a.png") || key.equals("in/z.png"))
                    .toList();
            described.parallelStream().forEach(key -> s3.put(new byte[0], places.caption(key)));

            List<String> waiting = new ArrayList<>();
            pictures.waiting().forEachRemaining(waiting::add);

            keys.removeAll(described);
            assertThat(waiting).containsExactlyInAnyOrderElementsOf(keys);
        }
    }

    @Test
    void keepsItsOwnObjectsApartFromPictures() {
        S3Places places = new S3Places();
        places.setBucket("pictures");

        assertThat(places.isPicture("a.png")).isTrue();
        assertThat(places.isPicture("captions/a.png.json")).isFalse();
        assertThat(places.isPicture("claims/a.png/me")).isFalse();
        assertThat(places.isPicture("failed/a.png")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(PictureType.class)
    void takesTheNamesOfAllFormatsUnlessToldOtherwise(PictureType type) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = S3Places.class.getResourceAsStream("/application.properties")) {
            properties.load(in);
        }
        S3Places places = new S3Places();
        places.setBucket("pictures");
        places.setNames(properties.getProperty("s3.names"));

        assertThat(type.endings()).allMatch(ending -> places.isPicture("a/b." + ending));
        assertThat(List.of("pdf", "mp4", "MOV", "mkv", "webm")).allMatch(ending -> places.isPicture("a/b." + ending));
        assertThat(places.isPicture("a/b.txt")).isFalse();
    }

    @Test
    void leavesAPictureAloneForWhichS3WouldTakeNoClaim() {
        S3Places places = new S3Places();
        places.setBucket("pictures");
        String longest = "x".repeat(975);

        assertThat(places.isPicture(longest)).isTrue();
        assertThat(places.isPicture(longest + "x")).isFalse();
        assertThat(places.claims(longest) + UUID.randomUUID()).hasSizeLessThanOrEqualTo(1024);
        assertThat(places.reason(longest)).hasSizeLessThanOrEqualTo(1024);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|''|captions/|failed/|s3.bucket is not set: name the bucket of the pictures",
                "b|failed/x|captions/|failed/|s3.prefix is \"failed/x\", which lies in s3.failed = \"failed/\": name another"
                        + " prefix for one of them",
                "b|captions/|captions/|failed/|s3.prefix is \"captions/\", where s3.captions puts captions: name another"
                        + " prefix for one of them",
                "b|''|captions/|''|s3.failed is empty: name a prefix, such as failed/"
            })
    void refusesPlacesThatLieWithinOneAnother(
            String bucket, String prefix, String captions, String failed, String message) {
        S3Places places = new S3Places();
        places.setBucket(bucket);
        places.setPrefix(prefix);
        places.setCaptions(captions);
        places.setFailed(failed);

        assertThatThrownBy(places::requireUsable)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vlm.s3|s3.bucket|''|s3.bucket is not set: name the bucket of the pictures",
                "vlm.s3|s3.endpoint|localhost:9000|s3.endpoint is \"localhost:9000\": write the URL of an S3 server, such as"
                        + " http://localhost:9000",
                "vlm.queue|queue.url|localhost|queue.url is \"localhost\": write the URL of an Artemis broker, such as"
                        + " tcp://localhost:61616"
            })
    void doesNotStartWithPropertiesThatCannotBe(String route, String property, String value, String message) {
        Map<String, String> properties = new HashMap<>(Map.of(route, "true", "s3.bucket", "b"));
        properties.put(property, value);

        assertThatThrownBy(() -> new RunningService(properties).close())
                .satisfies(failure -> assertThat(StartFailure.message(failure)).isEqualTo(message));
    }

    @Test
    void cutsACaptionToWhatATagCanHold() {
        assertThat(S3Pictures.tagValue("A \"star\",\nand\u2014so? 1+1=2.")).isEqualTo("A star and so 1+1=2.");
        assertThat(S3Pictures.tagValue("\u7ea2\u8272\u7684\u5706")).isEqualTo("\u7ea2\u8272\u7684\u5706");
        assertThat(S3Pictures.tagValue("x".repeat(300))).hasSize(256);
    }

    private static S3Places places() {
        S3Places places = new S3Places();
        places.setBucket(RunningS3.BUCKET);
        places.setPrefix("in/");
        places.setNames(".*\\.png");
        return places;
    }
}
