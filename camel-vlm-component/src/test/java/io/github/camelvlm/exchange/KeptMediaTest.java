package io.github.camelvlm.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.VideoFrames;
import io.github.camelvlm.fetch.MediaKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptMediaTest {
    /** Room for two files and what goes with them, and not for three. */
    private final KeptMedia kept = new KeptMedia(2_600);

    private static KeptMedia.Kept file(int bytes) {
        return KeptMedia.Kept.file("a file", new byte[bytes]);
    }

    private void keep(String uuid, int bytes) {
        kept.keep("me", MediaKind.PICTURE, uuid, file(bytes));
    }

    private int size(String uuid) {
        return kept.require("me", MediaKind.PICTURE, uuid).bytes().length;
    }

    private void assertIsForgotten(String uuid) {
        assertThatThrownBy(() -> kept.require("me", MediaKind.PICTURE, uuid))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("uuid \"" + uuid + "\" is not known here, or not any more")
                .hasMessageContaining("image_url");
    }

    @Test
    void forgetsWhatWasUsedLongestAgo() {
        keep("first", 1_000);
        keep("second", 1_000);
        assertThat(size("first")).isEqualTo(1_000);

        keep("third", 1_000);

        assertIsForgotten("second");
        assertThat(size("first")).isEqualTo(1_000);
        assertThat(size("third")).isEqualTo(1_000);
    }

    @Test
    void putsOneFileInThePlaceOfAnother() {
        for (int i = 0; i < 10; i++) {
            keep("same", 1_000 + i);
        }
        keep("other", 1_000);

        assertThat(size("same")).isEqualTo(1_009);
        assertThat(size("other")).isEqualTo(1_000);
    }

    @Test
    void keepsNeitherALargerFileThanTheBoundNorTheOneBeforeIt() {
        keep("other", 1_000);
        keep("same", 1_000);
        keep("same", 5_000);

        assertIsForgotten("same");
        assertThat(size("other")).isEqualTo(1_000);
    }

    @Test
    void countsTheNames() {
        keep("x".repeat(2_000), 1);

        assertThatThrownBy(() -> size("x".repeat(2_000)))
                .isInstanceOf(InvalidRequestException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
    }

    @Test
    void knowsOwnersAndKindsApart() {
        keep("same", 1_000);

        assertThatThrownBy(() -> kept.require("another", MediaKind.PICTURE, "same"))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> kept.require("me", MediaKind.VIDEO, "same"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("video_url");
    }

    @Test
    void forgetsAtOnceWhatALowerBoundHasNoRoomFor() {
        keep("first", 1_000);
        keep("second", 1_000);

        kept.setMaxBytes(1_500);

        assertIsForgotten("first");
        assertThat(size("second")).isEqualTo(1_000);
        assertThatThrownBy(() -> kept.setMaxBytes(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void countsAllFramesOfAVideo() {
        EncodedImage frame = new EncodedImage("a frame", new byte[700]);
        keep("picture", 1_000);

        kept.keep(
                "me",
                MediaKind.VIDEO,
                "film",
                KeptMedia.Kept.frames(new VideoFrames("a film", List.of(frame, frame), 2)));

        assertThat(kept.require("me", MediaKind.VIDEO, "film").frames().frames())
                .hasSize(2);
        assertIsForgotten("picture");
    }
}
