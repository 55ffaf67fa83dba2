package io.github.camelvlm.media;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class Vp8FrameTest {

    @Test
    void refusesAFrameWhosePartitionsAreLongerThanItself() {
        byte[] webp = Pictures.bytes("goldens/images/lossy.webp");
        webp[22] = (byte) 0xff;
        assertThatThrownBy(() -> new ImageDecoder().decode("cat.webp", webp))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("its first partition is longer than the frame");
    }

    @Test
    void refusesAFrameWhoseDataEndTooEarly() {
        PictureBytes webp = new PictureBytes("cat.webp", Pictures.bytes("goldens/images/lossy.webp"));
        Vp8Frame frame = new Vp8Frame(webp, 20, webp.length() / 2);
        assertThatThrownBy(frame::decode)
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("its compressed data end too early");
    }
}
