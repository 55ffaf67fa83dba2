package io.github.camelvlm.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decoded pictures against what Pillow makes of the same files. */
class ImageDecoderTest {

    /** JPEG decoders may round differently. This is 0.02 of normalized values, whose standard deviation is 0.26. */
    private static final double JPEG_TOLERANCE = 0.02 * 0.26 * 255;

    private final ImageDecoder decoder = new ImageDecoder();

    static List<String> formats() {
        return Pictures.names("media/formats");
    }

    static Stream<String> lossyGoldens() {
        return Pictures.names("goldens/decoded").stream().map(name -> name.replaceAll("\\.png$", ""));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void decodesEveryFormatAsPillowDoes(String name) {
        RgbImage decoded = decoder.decode(name, Pictures.bytes("media/formats/" + name));
        assertSame(name, decoded, Pictures.expected("media/expected/" + name + ".png"));
    }

    @ParameterizedTest
    @MethodSource("lossyGoldens")
    void decodesTheLossyGoldensAsPillowDoes(String name) {
        RgbImage decoded = decoder.decode(name, Pictures.bytes("goldens/images/" + name));
        assertSame(name, decoded, Pictures.expected("goldens/decoded/" + name + ".png"));
    }

    @ParameterizedTest
    @MethodSource("lossyGoldens")
    void readsTheUprightSizeWithoutDecoding(String name) {
        RgbImage expected = Pictures.expected("goldens/decoded/" + name + ".png");
        assertThat(decoder.size(name, Pictures.bytes("goldens/images/" + name)))
                .isEqualTo(new PictureSize(expected.width(), expected.height()));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void readsTheUprightSizeOfEveryFormat(String name) {
        RgbImage expected = Pictures.expected("media/expected/" + name + ".png");
        assertThat(decoder.size(name, Pictures.bytes("media/formats/" + name)))
                .isEqualTo(new PictureSize(expected.width(), expected.height()));
    }

    private static void assertSame(String name, RgbImage decoded, RgbImage expected) {
        assertThat(decoded).hasToString(expected.toString());
        assertThat(Pictures.meanDifference(decoded, expected))
                .isLessThanOrEqualTo(name.matches("jpeg.*|.*\\.jpg") ? JPEG_TOLERANCE : 0);
    }
}
