package io.github.camelvlm.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The animations that {@code make_animations.py} writes, against the frames that Pillow shows. */
@Timeout(60)
class AnimationTest {
    private static final Path FOLDER = Path.of("src/test/resources/media/animations");
    private static final long MAX_PIXELS = 1_000_000;

    private static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(FOLDER.resolve(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kept.gif",
                "cleared.gif",
                "restored.gif",
                "lossless.webp",
                "lossy.webp",
                "pillow.png",
                "disposals.png"
            })
    void showsEachFrameAsPillowDoes(String name) throws Exception {
        Animation animation = Animation.open(name, bytes(name), MAX_PIXELS);
        List<String> expected = Files.readAllLines(FOLDER.resolve("frames.txt")).stream()
                .filter(line -> line.startsWith(name + " "))
                .toList();

        assertThat(animation.size()).isEqualTo(new PictureSize(40, 30));
        assertThat(animation.count()).isEqualTo(expected.size()).isEqualTo(4);
        for (int i = 0; i < 4; i++) {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(animation.show(i).rgb());
            assertThat(name + " " + i + " " + animation.millis(i) + " "
                            + HexFormat.of().formatHex(hash))
                    .isEqualTo(expected.get(i));
        }
        assertThat(Animation.isAnimated(bytes(name))).isTrue();
    }

    /** A frame of one pixel, again and again. */
    private static byte[] gif(int frames, int side) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0, 0, 0, 0});
        for (int i = 0; i < frames; i++) {
            file.writeBytes(new byte[] {
                0x2c, 0, 0, 0, 0, (byte) side, (byte) (side >> 8), (byte) side, (byte) (side >> 8), 0, 2, 2, 0x44, 1, 0
            });
        }
        file.write(0x3b);
        return file.toByteArray();
    }

    @Test
    void refusesABombByItsNumbersBeforeDecodingIt() {
        assertThatThrownBy(() -> Animation.open("bomb.gif", gif(100_000, 1), MAX_PIXELS))
                .isInstanceOf(ImageException.class)
                .hasMessage("animation bomb.gif has more than 10000 frames: send a part of it, or convert it to MP4");
        assertThatThrownBy(() -> Animation.open("bomb.gif", gif(2, 65_535), MAX_PIXELS))
                .hasMessageContaining("has frames of 65535 × 65535 pixels")
                .hasMessageContaining("raise maxImagePixels");
        assertThatThrownBy(() -> Animation.open("bomb.gif", gif(9_000, 1_000), MAX_PIXELS))
                .hasMessageContaining("has 9,000,000,000 pixels in its 9,000 frames");
    }

    @ParameterizedTest
    @CsvSource({
        "pillow-sequence.avif, 'is an animation in HEIC or AVIF, of which the still picture alone is read: send it as a"
                + " picture, or convert it to GIF or MP4'",
        "one-shape.avif, 'does not move: send it as a picture, not as a video'",
        "one-shape.heic, 'does not move: send it as a picture, not as a video'",
    })
    void saysWhyAFileIsNoVideo(String name, String reason) throws IOException {
        byte[] still = Files.readAllBytes(FOLDER.resolveSibling("stills").resolve(name));

        assertThatThrownBy(() -> Animation.open(name, still, MAX_PIXELS))
                .isInstanceOf(ImageException.class)
                .hasMessage("picture " + name + " " + reason);
    }

    @Test
    void takesAFileOfOneFrameForAPicture() {
        assertThat(Animation.isAnimated(gif(1, 1))).isFalse();
        assertThat(Animation.isAnimated(new byte[] {'G', 'I', 'F', '8'})).isFalse();
    }
}
