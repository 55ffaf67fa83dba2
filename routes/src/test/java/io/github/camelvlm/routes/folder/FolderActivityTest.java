package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FolderActivityTest {
    private final AtomicLong now = new AtomicLong();
    private final FolderActivity activity = new FolderActivity(now::get);

    private void end(String name, String caption, String error) {
        activity.note(
                new SummaryRow(name, caption, error, "m", "stop", 1, 2, 3L, 4, 5, "2026-01-01T00:00:00Z"),
                Path.of("done", name));
    }

    @Test
    void countsAndRemembersTheLastPicturesAlone() {
        for (int i = 1; i <= 100; i++) {
            end(i + ".png", i % 10 == 0 ? null : "a shape", i % 10 == 0 ? "broken" : null);
        }

        assertThat(activity.done()).isEqualTo(90);
        assertThat(activity.failed()).isEqualTo(10);
        assertThat(activity.after(0)).hasSize(60);
        assertThat(activity.after(98))
                .extracting(picture -> picture.row().name())
                .containsExactly("100.png", "99.png");
        assertThat(activity.described(99)).isPresent();
        assertThat(activity.described(100)).as("it has failed").isEmpty();
        assertThat(activity.described(40)).as("it is forgotten").isEmpty();
    }

    @Test
    void cutsLongTextsBetweenCharacters() {
        end("a.png", "x".repeat(FolderActivity.LONGEST - 1) + "\uD83D\uDC2A".repeat(9), null);
        end("b.png", null, "y".repeat(100_000));

        assertThat(activity.after(0).get(1).row().caption()).isEqualTo("x".repeat(FolderActivity.LONGEST - 1) + "…");
        assertThat(activity.after(0).get(0).row().error()).hasSize(FolderActivity.LONGEST + 1);
    }

    @Test
    void tellsHowManyEndedInTheLastMinute() {
        end("a.png", "a", null);
        now.addAndGet(Duration.ofSeconds(30).toNanos());
        end("b.png", "b", null);
        end("c.png", null, "broken");
        assertThat(activity.ofLastMinute()).isEqualTo(3);

        now.addAndGet(Duration.ofSeconds(31).toNanos());
        assertThat(activity.ofLastMinute()).isEqualTo(2);

        now.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(activity.ofLastMinute()).isZero();
        end("d.png", "d", null);
        assertThat(activity.ofLastMinute()).isEqualTo(1);
    }
}
