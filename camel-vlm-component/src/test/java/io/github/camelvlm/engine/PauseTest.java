package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.goldens.GoldenCase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that are being written go on while a newcomer's pictures and prompt are computed, part by part. */
@Timeout(60)
class PauseTest {
    /** No step is as short, so each does the least that it can. */
    private static LocalEngine load(Path model) {
        return LocalEngine.load(Engines.pausing(model, Duration.ofNanos(1)));
    }

    @Test
    void tokensComeWhileAPictureIsEncoded() throws InterruptedException {
        try (LocalEngine engine = load(GoldenCase.RANDOM_VL);
                Generation running = engine.generate(Engines.endless(3000))) {
            running.next();
            // The picture is decoded on this thread, which is no pause for anybody.
            Generation newcomer = engine.generate(Engines.request(
                    List.of(new Message(
                            Role.USER,
                            List.of(new ImagePart(GoldenCase.picture("photo.jpg")), new TextPart("What is this?")))),
                    SamplingOptions.builder().temperature(0.0).maxTokens(1).build()));
            drain(running);
            newcomer.await();

            // The picture's 391 tokens alone are prefilled 32 and then 16 at a time; some may have been drained.
            assertThat(drain(running)).isGreaterThanOrEqualTo(15);
        }
    }

    /** Takes what is there, and tells how many tokens it was. */
    private static int drain(Generation running) throws InterruptedException {
        int tokens = 0;
        while (running.isReady()) {
            tokens += running.next().orElseThrow().tokenIds().size();
        }
        return tokens;
    }

    @Test
    void answersAreTheSameInSmallParts() throws InterruptedException {
        List<GoldenCase> cases = GoldenCase.shapes().limit(8).toList();
        try (LocalEngine engine = load(GoldenCase.SHAPES_VL)) {
            List<Generation> together = new ArrayList<>();
            for (GoldenCase golden : cases) {
                together.add(engine.generate(Engines.greedy(golden)));
            }
            for (int i = 0; i < together.size(); i++) {
                Completion completion = together.get(i).await();
                assertThat(completion.text())
                        .as(cases.get(i).name())
                        .isEqualTo(cases.get(i).text("text"));
            }
        }
    }
}
