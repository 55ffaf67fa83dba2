package io.github.camelvlm.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DownloadProgressTest {
    private static final ModelId MODEL =
            ModelId.parse("Qwen/Qwen2-VL-2B-Instruct").orElseThrow();

    @Test
    void tellsHowFarItIsHowFastAndHowLongItTakes() {
        DownloadProgress progress = new DownloadProgress(4_400_000_000L, 400_000_000);
        progress.arrived(400_000_000);
        assertThat(progress.text(Duration.ofSeconds(1))).isEqualTo("9%, 400.0 MB of 4.4 GB");

        progress.arrived(1_000_000_000);

        assertThat(progress.text(Duration.ofSeconds(25))).isEqualTo("31%, 1.4 GB of 4.4 GB, 40.0 MB/s, 1:15 left");
        assertThat(progress.text(Duration.ofSeconds(2500))).endsWith("400.0 KB/s, 2:05:00 left");
    }

    @Test
    void takesBackWhatIsFetchedAgain() {
        DownloadProgress progress = new DownloadProgress(1000, 0);
        progress.arrived(1000);
        progress.arrived(-900);

        assertThat(progress.text(Duration.ofSeconds(10))).isEqualTo("10%, 100 bytes of 1.0 KB, 10 bytes/s, 1:30 left");
    }

    @Test
    void drawsABarOverItself() {
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();
        ProgressDisplay bar = new ProgressDisplay.Bar(new PrintStream(terminal, true, StandardCharsets.UTF_8));
        DownloadProgress progress = new DownloadProgress(100, 0);
        progress.arrived(50);

        bar.end(MODEL, progress);
        assertThat(terminal.size()).isZero();
        bar.show(MODEL, progress);
        progress.arrived(50);
        bar.end(MODEL, progress);

        assertThat(terminal.toString(StandardCharsets.UTF_8))
                .startsWith(Terminal.CLEAR_LINE
                        + "Qwen/Qwen2-VL-2B-Instruct [############------------] 50%, 50 bytes of 100 bytes")
                .contains(Terminal.CLEAR_LINE
                        + "Qwen/Qwen2-VL-2B-Instruct [########################] 100%, 100 bytes of 100 bytes")
                .endsWith(System.lineSeparator());
        assertThat(bar.interval()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void writesALineEveryFiveSecondsWhereThereIsNoTerminal() {
        assertThat(new ProgressDisplay.Lines().interval()).isEqualTo(Duration.ofSeconds(5));
    }
}
