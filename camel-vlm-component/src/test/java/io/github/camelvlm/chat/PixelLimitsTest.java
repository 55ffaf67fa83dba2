package io.github.camelvlm.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PixelLimitsTest {
    private static final PixelLimits QWEN2 = new PixelLimits(3136, 1280 * 784);
    private static final PixelLimits QWEN3 = new PixelLimits(65_536, 1280 * 1024);

    @ParameterizedTest
    @CsvSource({"784, 200704", "1024, 262144"})
    void countsTokensInThePixelsOfTheModel(int pixelsPerToken, int pixels) {
        assertThat(new PixelLimits(null, null, 256).inPixels(pixelsPerToken)).isEqualTo(new PixelLimits(null, pixels));
    }

    @Test
    void keepsTheSmallerOfPixelsAndTokens() {
        assertThat(new PixelLimits(null, 100_000, 256).inPixels(784).maxPixels())
                .isEqualTo(100_000);
        assertThat(new PixelLimits(null, 900_000, 256).inPixels(784).maxPixels())
                .isEqualTo(200_704);
        assertThat(new PixelLimits(null, null, Integer.MAX_VALUE).inPixels(784).maxPixels())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void takesTheModelsWhereNoneAreSet() {
        assertThat(PixelLimits.NONE.within(QWEN3, 1024)).isEqualTo(QWEN3);
    }

    @Test
    void lowersTheModelsFewestWhereFewerAreAskedFor() {
        assertThat(new PixelLimits(null, 50_000).within(QWEN3, 1024)).isEqualTo(new PixelLimits(50_000, 50_000));
    }

    @Test
    void refusesMoreThanTheModelsMost() {
        assertThatThrownBy(() -> new PixelLimits(1_100_000, null).within(QWEN2, 784))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("min_pixels must not be above max_pixels (1003520), but is 1100000");
    }
}
