package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.jms.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A consumer that is killed in the middle of a hundred messages. */
class QueueCrashTest {
    private static final int MESSAGES = 100;
    private static final int ANSWERS_BEFORE_THE_CRASH = 20;
    private static final int IN_HAND = 8;

    @TempDir
    private Path directory;

    @Test
    void losesNoMessage() throws Exception {
        try (RunningBroker broker = new RunningBroker()) {
            byte[] picture = Files.readAllBytes(Goldens.picture("two-shapes.png"));
            for (int number = 1; number <= MESSAGES; number++) {
                Message message = broker.bytes(picture);
                message.setJMSCorrelationID(String.valueOf(number));
                broker.send("vlm.requests", message);
            }

            List<String> answered = new ArrayList<>();
            try (ApplicationProcess first = start(broker)) {
                while (answered.size() < ANSWERS_BEFORE_THE_CRASH) {
                    answered.add(answer(broker));
                }
                first.kill();
            }
            List<String> all =
                    IntStream.rangeClosed(1, MESSAGES).mapToObj(String::valueOf).toList();
            try (ApplicationProcess second = start(broker)) {
                while (!answered.containsAll(all)) {
                    answered.add(answer(broker));
                }
                assertThat(second.output()).anyMatch(line -> line.contains(Goldens.caption("two-shapes.png")));
            }

            assertThat(answered).hasSizeBetween(MESSAGES, MESSAGES + IN_HAND);
            assertThat(broker.receive("vlm.requests", 1)).as("left").isNull();
            assertThat(broker.receive("vlm.dead-letters", 1)).as("dead").isNull();
        }
    }

    /** The correlation id of the next answer. */
    private static String answer(RunningBroker broker) throws Exception {
        Message answer = broker.receive("vlm.answers");
        assertThat(answer).as("an answer within 30 seconds").isNotNull();
        assertThat(new ObjectMapper()
                        .readTree(answer.getBody(String.class))
                        .get("caption")
                        .asText())
                .isEqualTo(Goldens.caption("two-shapes.png"));
        return answer.getJMSCorrelationID();
    }

    private ApplicationProcess start(RunningBroker broker) throws Exception {
        return new ApplicationProcess(
                directory,
                Map.of(
                        "VLM_MODEL", Goldens.MODEL.toString(),
                        "VLM_DTYPE", "float32",
                        "VLM_THREADS", "1",
                        "VLM_FOLDER", "false",
                        "VLM_QUEUE", "true",
                        "QUEUE_URL", broker.url(),
                        "QUEUE_LOST_AFTER", "4s"));
    }
}
