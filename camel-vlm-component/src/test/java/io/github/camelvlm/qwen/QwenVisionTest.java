package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.PixelLimits;
import io.github.camelvlm.media.RgbImage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A picture costs as many tokens in each family, whatever the size of a token is. */
class QwenVisionTest {
    private static final RgbImage LARGE = new RgbImage(2000, 1500, new byte[3 * 2000 * 1500]);

    private static int tokens(QwenFamily family, PixelLimits limits) {
        QwenVision vision = new QwenVision(null, family.processor());
        PixelLimits own = limits.within(vision.defaultLimits(), vision.pixelsPerToken());
        return vision.process("large.png", LARGE, own).tokens();
    }

    @ParameterizedTest
    @EnumSource
    void allowsAPicture1280TokensUnlessAsked(QwenFamily family) {
        assertThat(tokens(family, PixelLimits.NONE)).isBetween(1180, 1280);
    }

    @ParameterizedTest
    @EnumSource
    void allowsAPictureAsManyTokensAsAreAskedFor(QwenFamily family) {
        assertThat(tokens(family, new PixelLimits(null, null, 256))).isBetween(230, 256);
        assertThat(tokens(family, new PixelLimits(null, null, 2000))).isBetween(1900, 2000);
    }
}
