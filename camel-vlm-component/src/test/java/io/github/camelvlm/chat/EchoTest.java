package io.github.camelvlm.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoTest {
    private static final String SHA_256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private static String base64(int bytes) {
        byte[] picture = new byte[bytes];
        new Random(bytes).nextBytes(picture);
        return Base64.getEncoder().encodeToString(picture);
    }

    @Test
    void repeatsOfBase64OnlyTheBeginning() {
        String picture = base64(1000);

        assertThat(Echo.of(picture)).isEqualTo(picture.substring(0, 12) + "…");
        assertThat(Echo.of("Unrecognized token '" + picture + "': was expecting"))
                .isEqualTo("Unrecognized token '" + picture.substring(0, 12) + "…");
        assertThat(Echo.of("data:image/png;base64," + picture.substring(0, 60) + ", and more"))
                .isEqualTo("data:image/png;base64," + picture.substring(0, 12) + "…, and more");
    }

    @Test
    void repeatsAtMost200CharactersOnOneLine() {
        assertThat(Echo.of("a b\n".repeat(100))).isEqualTo("a b?".repeat(50) + "…");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpt-4o", "Qwen/Qwen2-VL-2B-Instruct", "two words of a role", "圆"})
    void repeatsOtherTextsAsTheyAre(String text) {
        assertThat(Echo.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1_000, 10_000_000})
    void keepsBase64OutOfEveryMessageOfTheDomain(int bytes) {
        String picture = base64(bytes);

        for (VlmException failure : List.of(
                new InvalidRequestException("image_url", "cannot be used: " + picture),
                new UnreadablePictureException("picture " + picture + " is cut off", null),
                new ModelNotServedException(picture, List.of("vlm")))) {
            assertThat(failure.getMessage())
                    .contains(picture.substring(0, 12) + "…")
                    .doesNotContain(picture.substring(0, 13))
                    .hasSizeLessThan(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SHA_256 + ".png",
                "/data/" + SHA_256,
                "/Users/someone/Documents/Projects/Models/Vision/Qwen2VL7BInstruct"
            })
    void leavesNamesAndPathsWholeInMessages(String name) {
        assertThat(new VlmException("There is no file " + name + ": check the name"))
                .hasMessage("There is no file " + name + ": check the name");
    }

    @Test
    void boundsAMessage() {
        assertThat(new VlmException("too long ".repeat(10_000)).getMessage()).hasSize(4_001);
        assertThat(new VlmException(null)).hasMessage(null);
    }
}
