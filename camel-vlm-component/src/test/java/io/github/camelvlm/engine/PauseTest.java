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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that are being written go on while a newcomer's pictures and prompt are computed, part by part. */
@Timeout(60)
class PauseTest {
    private LocalEngine engine;

    @BeforeEach
    void load() {
        // No step is as short, so each does the least that it can.
        engine = LocalEngine.load(Engines.pausing(GoldenCase.SHAPES_VL, Duration.ofNanos(1)));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void tokensComeWhileAPictureIsEncoded() throws InterruptedException {
        try (Generation running = engine.generate(Engines.endless(3000))) {
            running.next();
            drain(running);

            engine.generate(Engines.request(
                            List.of(new Message(
                                    Role.USER,
                                    List.of(
                                            new ImagePart(GoldenCase.picture("photo.jpg")),
                                            new TextPart("What is this?")))),
                            SamplingOptions.builder()
                                    .temperature(0.0)
                                    .maxTokens(1)
                                    .build()))
                    .await();

            // Seven parts of the vision tower's eight half blocks, and 420 tokens, soon 16 at a time.
            assertThat(drain(running)).isGreaterThanOrEqualTo(7 + 20);
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
