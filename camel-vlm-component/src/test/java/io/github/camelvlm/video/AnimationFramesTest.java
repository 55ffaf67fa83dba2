package io.github.camelvlm.video;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.VideoFile;
import io.github.camelvlm.media.PictureFrames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AnimationFramesTest {
    @Test
    void areChosenByTheirTime() throws Exception {
        byte[] file = Files.readAllBytes(Path.of("src/test/resources/media/animations/kept.gif"));
        // Shown for 100, 300, 100 and 500 ms: the frames of a film of ten a second.
        FrameSampling all = new FrameSampling(10.0, null, null, null, null, null);
        try (PictureFrames frames =
                new VideoDecoder(1_000_000).open(new VideoFile("kept.gif", file, all), new CompletableFuture<>())) {
            assertThat(frames.count()).isEqualTo(10);
            assertThat(frames.fps()).isEqualTo(10);
            byte[][] seen = new byte[10][];
            for (int i = 0; i < 10; i++) {
                seen[i] = frames.next().rgb();
            }
            assertThat(frames.seconds(4)).isEqualTo(0.4);
            assertThat(seen[1]).isNotEqualTo(seen[0]).isEqualTo(seen[3]);
            assertThat(seen[4]).isNotEqualTo(seen[3]).isNotEqualTo(seen[5]);
            assertThat(seen[5]).isEqualTo(seen[9]);
        }
    }
}
