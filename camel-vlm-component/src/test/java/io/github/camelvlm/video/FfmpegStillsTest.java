package io.github.camelvlm.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.media.ImageDecoder;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.media.Pictures;
import io.github.camelvlm.media.RgbImage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** HEIC and AVIF pictures against what libheif and Pillow make of the same files. */
@Timeout(120)
class FfmpegStillsTest {
    /** Where every pixel has a colour of its own. */
    private static final double ROUNDING = 0.6;
    /** libheif gives pixels that share a colour the same one, where here it is interpolated. */
    private static final double INTERPOLATION = 1.5;

    private final ImageDecoder decoder = new ImageDecoder(1_000_000, new FfmpegStills());

    static List<String> stills() {
        return Pictures.names("media/stills");
    }

    @ParameterizedTest
    @MethodSource("stills")
    void showsWhatTheReferencesShow(String name) {
        RgbImage expected = Pictures.expected("media/stills-expected/" + name + ".png");
        RgbImage decoded = decoder.decode(name, Pictures.bytes("media/stills/" + name));

        assertThat(decoded).hasToString(expected.toString());
        assertThat(Pictures.meanDifference(decoded, expected))
                .isLessThan(name.matches(".*(444|gray|lossless).*") ? ROUNDING : INTERPOLATION);
    }

    @ParameterizedTest
    @MethodSource("stills")
    void tellsTheUprightSizeWithoutDecoding(String name) {
        RgbImage expected = Pictures.expected("media/stills-expected/" + name + ".png");
        assertThat(new ImageDecoder().size(name, Pictures.bytes("media/stills/" + name)))
                .isEqualTo(new PictureSize(expected.width(), expected.height()));
    }

    @Test
    void saysWhatIsMissingWhereThereIsNoFfmpeg() {
        ImageDecoder without = new ImageDecoder(1_000_000, new FfmpegStills(Optional::empty));
        byte[] picture = Pictures.bytes("media/stills/plain.heic");
        assertThatThrownBy(() -> without.decode("plain.heic", picture))
                .isInstanceOf(ImageException.class)
                .hasMessage(
                        "picture plain.heic cannot be read, since there is no ffmpeg: put org.bytedeco:ffmpeg with the"
                                + " jar of this platform on the class path, or install the program");
    }
}
