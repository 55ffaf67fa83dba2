package io.github.camelvlm.routes.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.routes.ApplicationProcess;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningBroker;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
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
    private static final int ANSWERS_BEFORE_THE_CRASH = 10;
    private static final int IN_HAND = 8;

    @TempDir
    private Path directory;

    @Test
    void losesNoMessage() throws Exception {
        try (RunningBroker broker = new RunningBroker();
                MessageConsumer answers =
                        broker.session().createConsumer(broker.session().createQueue("vlm.answers"))) {
            byte[] picture = Files.readAllBytes(Goldens.picture("two-shapes.png"));
            for (int number = 1; number <= MESSAGES; number++) {
                Message message = broker.bytes(picture);
                message.setJMSCorrelationID(String.valueOf(number));
                broker.send("vlm.requests", message);
            }

            List<String> answered = new ArrayList<>();
            try (ApplicationProcess first = start(broker)) {
                while (answered.size() < ANSWERS_BEFORE_THE_CRASH) {
                    answered.add(answer(answers));
                }
                first.kill();
            }
            assertThat(broker.waiting("vlm.requests")).as("left by the crash").isPositive();
            List<String> all =
                    IntStream.rangeClosed(1, MESSAGES).mapToObj(String::valueOf).toList();
            try (ApplicationProcess second = start(broker)) {
                while (!answered.containsAll(all)) {
                    answered.add(answer(answers));
                }
                second.stop();
            }

            assertThat(answered).hasSizeBetween(MESSAGES, MESSAGES + IN_HAND);
            Await.until("nothing is left", () -> broker.waiting("vlm.requests") == 0);
            assertThat(broker.waiting("vlm.dead-letters")).as("dead").isZero();
        }
    }

    /** The correlation id of the next answer. */
    private static String answer(MessageConsumer answers) throws Exception {
        Message answer = answers.receive(30_000);
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
