package io.github.camelvlm.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.media.ImageException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataUrlTest {
    private static final byte[] BYTES = {(byte) 0xfb, (byte) 0xff, (byte) 0xbf, 'a'};

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data:image/png;base64,+/+/YQ==",
                "DATA:image/jpeg;BASE64,+/+/YQ==",
                "data:image;base64,+/+/YQ==",
                "data:;base64,+/+/YQ==",
                "data:image/png;name=a.png;charset=utf-8;base64,+/+/YQ==",
                "data:image/png;base64,-_-_YQ",
                "data:image/png;base64, +/+/\r\n\tYQ==\n",
                "data:image/png;base64,%2B%2F%2b/YQ%3D%3D",
                " \n data:image/png;base64,+/+/YQ== ",
                "data:base64,+/+/YQ==",
                "data:application/octet-stream;base64,+/+/YQ==",
                "data:binary/octet-stream;base64,+/+/YQ==",
                "data:application/pdf;base64,+/+/YQ==",
                "data:video/mp4;base64,+/+/YQ==",
            })
    void decodesAllWaysOfWritingADataUrl(String url) {
        assertThat(DataUrl.decode("cat", url, 4)).isEqualTo(BYTES);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://example.org/a.png | not a data URL",
                "data:image/png;base64 | not a data URL",
                "data:text/html;base64,YQ== | has the type text/html in its data URL, and its content is no picture",
                "data:image/png,abc | without \";base64\"",
                "data:image/png;base64,a*b= | code 42 at place 23",
                "data:image/png;base64,ab=c | code 99 at place 25",
                "data:image/png;base64,ab%2 | not followed by two hexadecimal digits",
                "data:image/png;base64,a | not valid base64",
                "data:image/png;base64,AAAAAAA= | more than the 4 bytes allowed",
            })
    void saysWhatIsWrong(String url, String words) {
        assertThatThrownBy(() -> DataUrl.decode("cat", url, 4))
                .isInstanceOf(ImageException.class)
                .hasMessageStartingWith("picture cat")
                .hasMessageContaining(words);
    }

    /** As a form or a query string makes it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 30, 300, 3_000, 30_000})
    void readsBase64WhosePlusesHaveBecomeSpaces(int length) {
        for (int seed = 0; seed < 20; seed++) {
            byte[] bytes = new byte[length];
            new Random(seed).nextBytes(bytes);
            // A picture's first digit is never a plus.
            bytes[0] = (byte) 0x89;
            String spoilt = Base64.getEncoder().encodeToString(bytes).replace('+', ' ');

            assertThat(DataUrl.decode("cat", "data:image/png;base64," + spoilt, length))
                    .as("%s", spoilt)
                    .isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", " ", "\r\n", "\n  "})
    void readsBase64ThatIsPartedIntoLines(String between) {
        for (int length : new int[] {40, 57, 58, 100, 114, 3_000}) {
            byte[] withPluses = new byte[length];
            new Random(length).nextBytes(withPluses);
            for (byte[] bytes : List.of(withPluses, new byte[length])) {
                String lines = Base64.getMimeEncoder(76, between.getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(bytes);

                assertThat(DataUrl.decode("cat", "data:image/png;base64," + lines, length))
                        .isEqualTo(bytes);
            }
        }
    }

    @Test
    void believesTheBytesMoreThanTheType() {
        String png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB";

        assertThat(DataUrl.decode("cat", "data:text/plain;base64," + png, 100)).startsWith(0x89, 'P', 'N', 'G');
    }

    @Test
    void keepsItsMessageShortWhateverTheUrlHolds() {
        String url = "data:" + "x".repeat(100_000) + ";base64,YQ==";
        assertThatThrownBy(() -> DataUrl.decode("cat", url, 4))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @Test
    void tellsDataUrlsFromOthers() {
        assertThat(DataUrl.isDataUrl("Data:image/png;base64,")).isTrue();
        assertThat(DataUrl.isDataUrl("database.png")).isFalse();
        assertThat(new String(DataUrl.decode("a", "data:;base64,", 0), StandardCharsets.US_ASCII))
                .isEmpty();
    }
}
