package io.github.camelvlm.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.media.Pictures;
import io.github.camelvlm.media.RgbImage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BicubicResamplerTest {

    static List<String> sizes() {
        return Pictures.names("media/resize").stream()
                .filter(name -> !name.equals("source.png"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void resizesToTheBitAsPillowDoes(String name) {
        RgbImage source = Pictures.expected("media/resize/source.png");
        RgbImage expected = Pictures.expected("media/resize/" + name);
        byte[] rgb = BicubicResampler.resize(
                source.rgb(), source.width(), source.height(), expected.width(), expected.height());
        assertThat(rgb).isEqualTo(expected.rgb());
    }

    @Test
    void leavesAPictureOfTheRightSizeAlone() {
        byte[] rgb = {1, 2, 3, 4, 5, 6};
        assertThat(BicubicResampler.resize(rgb, 2, 1, 2, 1)).isSameAs(rgb);
    }
}
