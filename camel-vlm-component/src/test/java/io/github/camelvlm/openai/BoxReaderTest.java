package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.Box;
import io.github.camelvlm.chat.BoxForm;
import io.github.camelvlm.chat.SeenPicture;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoxReaderTest {
    /** Resized from 1000 × 400 to 980 × 392: not by one factor alone if the sides are taken apart. */
    private static final SeenPicture WIDE = new SeenPicture("wide.png", 1000, 400, 490, 980, 392);

    private static final SeenPicture SQUARE = new SeenPicture("square.png", 1000, 1000, 1, 500, 250);

    private static List<Box> pixels(String text) {
        return BoxReader.read(text, BoxForm.JSON_PIXELS, SQUARE);
    }

    private static List<Box> thousandths(String text) {
        return BoxReader.read(text, BoxForm.JSON_THOUSANDTHS, WIDE);
    }

    private static List<Box> references(String text) {
        return BoxReader.read(text, BoxForm.REFERENCE, WIDE);
    }

    @Test
    void readsReferencesWithAndWithoutTheirSpecialTokens() {
        Box star = new Box("red star", 100, 80, 500, 400);

        assertThat(references("<|object_ref_start|>red star<|object_ref_end|>"
                        + "<|box_start|>(100,200),(500,1000)<|box_end|>"))
                .containsExactly(star);
        assertThat(references("red star(100,200),(500,1000)")).containsExactly(star);
        assertThat(references("There it is: <|object_ref_start|>red star<|object_ref_end|>"
                        + "<|box_start|>(100, 200), (500, 1000)<|box_end|>."))
                .containsExactly(star);
    }

    @Test
    void givesFurtherBoxesOfOneReferenceItsName() {
        assertThat(references("<|object_ref_start|>cat<|object_ref_end|><|box_start|>(0,0),(100,100)<|box_end|>"
                        + "<|box_start|>(200,0),(300,100)<|box_end|><|object_ref_start|>dog<|object_ref_end|>"
                        + "<|box_start|>(500,500),(600,600)<|box_end|>"))
                .containsExactly(
                        new Box("cat", 0, 0, 100, 40),
                        new Box("cat", 200, 0, 300, 40),
                        new Box("dog", 500, 200, 600, 240));
    }

    @Test
    void passesOverPointsAndTakesFourForTheCornersOfABox() {
        assertThat(references("cat(100,100)")).isEmpty();
        assertThat(references("cat(1,1),(2,2),(3,3)")).isEmpty();
        assertThat(references("sign<|quad_start|>(110,100),(200,120),(190,220),(100,200)<|quad_end|>"))
                .containsExactly(new Box("sign", 100, 40, 200, 88));
        assertThat(thousandths("[{\"point_2d\": [100, 200], \"label\": \"cat\"}]"))
                .isEmpty();
    }

    @Test
    void readsOnWhereANameIsNoText() {
        Box cat = new Box("", 100, 80, 300, 160);
        for (String name : List.of("{\"a\": {\"b\": 1}}", "[\"a\", [\"b\"]]", "null", "7")) {
            assertThat(thousandths("{\"label\": " + name + ", \"bbox_2d\": [100, 200, 300, 400]}"))
                    .as(name)
                    .containsExactly(cat);
        }
        assertThat(thousandths("{\"object\": {\"label\": \"cat\", \"bbox_2d\": [100, 200, 300, 400]}}"))
                .containsExactly(new Box("cat", 100, 80, 300, 160));
    }

    @Test
    void readsPixelsOfThePictureAsItIsShownSideBySide() {
        assertThat(pixels("[{\"bbox_2d\": [50, 50, 250, 125], \"label\": \"cat\"}]"))
                .containsExactly(new Box("cat", 100, 200, 500, 500));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"bbox_2d\": [100, 200, 300, 400], \"label\": \"cat\"}]",
                "{\"bbox_2d\": [100, 200, 300, 400], \"label\": \"cat\"}",
                "```json\n[\n\t{\"bbox_2d\": [100, 200, 300, 400], \"label\": \"cat\"}\n]\n```",
                "Here [1] it is: {\"label\": \"cat\", \"bbox\": [100.0, 200, 300.2, 400]} and that is all.",
                "{\"objects\": [{\"box\": [300, 400, 100, 200], \"name\": \"cat\"}]}",
                "[{\"label\": \"cat\", \"box_2d\": [[100, 200, 300, 400]]}]",
                "[{\"bbox_2d\": [100, 200, 300, 400], \"label\": \"cat\"}, {\"bbox_2d\": [5, 6, 7",
                "[{\"bbox_2d\": [100, 200, 300, 400], \"label\": \"cat\"}, {\"bbox_2d\": [5, 6, 7, 8], \"label\": \"d",
                "[{\"bbox_2d\": [100, 200, 300, 400], \"label\": \"cat\"}, {\"bbox_2d\": [1, 2, 3], \"label\": \"dog\"}]"
            })
    void readsJsonInWhateverItStandsAsFarAsItIsWhole(String text) {
        assertThat(thousandths(text)).containsExactly(new Box("cat", 100, 80, 300, 160));
    }

    @Test
    void readsObjectsThatFollowOneAnotherWithoutAList() {
        assertThat(thousandths("{\"bbox_2d\": [0, 0, 10, 10], \"label\": \"a\"}, {\"bbox_2d\": [0, 0, 20, 20],"
                        + " \"label\": \"b\"}\n{\"bbox_2d\": [0, 0, 30, 30]}"))
                .containsExactly(new Box("a", 0, 0, 10, 4), new Box("b", 0, 0, 20, 8), new Box("", 0, 0, 30, 12));
    }

    @Test
    void keepsBoxesInThePictureAndTheirCornersInOrder() {
        assertThat(thousandths("[{\"bbox_2d\": [-50, 900, 2000, 1e300], \"label\": \"cat\"}]"))
                .containsExactly(new Box("cat", 0, 360, 1000, 400));
        assertThat(references("cat(900,900),(-100,100)")).containsExactly(new Box("cat", 0, 40, 900, 360));
        assertThat(references("cat(999999999,0),(1,1)")).containsExactly(new Box("cat", 1, 0, 1000, 0));
    }

    @Test
    void readsHostileTextInTimeAndFindsNothingInIt() {
        for (String part :
                List.of("[", "{\"a\":", "(1,", "(1,1),", "[\"", "<|", "{\"bbox_2d\":", "[{\"bbox_2d\": [1e999, 2,")) {
            String text = part.repeat(400_000 / part.length());

            Assertions.assertTimeout(
                    Duration.ofSeconds(10), () -> assertThat(thousandths(text)).isEmpty());
        }
        assertThat(thousandths("[{\"bbox_2d\": [1e999, \"2\", null, {}], \"label\": 3}]"))
                .isEmpty();
        assertThat(thousandths("")).isEmpty();
    }
}
