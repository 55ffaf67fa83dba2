package io.github.camelvlm.routes.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.routes.ApplicationProcess;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.BatchFile;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningBroker;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A consumer that is killed in the middle of a hundred messages. */
class QueueCrashTest {
    private static final int MESSAGES = 100;
    private static final int ANSWERS_BEFORE_THE_CRASH = 10;
    private static final int IN_HAND = 8;
    private static final Pattern SERVING = Pattern.compile("Serving .*:(\\d+)/v1");
    private static final Pattern ANSWERED =
            Pattern.compile("vlm_request_success_total\\{[^}]*finished_reason=\"stop\"[^}]*} (\\d+)");

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

    @Test
    void answersEachLineOfABatchOnceThroughAKill() throws Exception {
        int lines = 400;
        try (RunningBroker broker = new RunningBroker();
                MessageConsumer answers =
                        broker.session().createConsumer(broker.session().createQueue("vlm.answers"))) {
            Message batch = broker.text(BatchFile.requests(lines));
            batch.setJMSCorrelationID("batch");
            broker.send("vlm.requests", batch);
            try (ApplicationProcess first = start(broker)) {
                Await.until("it is in the middle", Duration.ofMinutes(2), () -> answered(first) > lines / 4);
                first.kill();
            }
            assertThat(answers.receiveNoWait()).as("an answer to a part").isNull();
            Await.until("the batch is back", () -> broker.waiting("vlm.requests") == 1);

            try (ApplicationProcess second = start(broker)) {
                Message answer = answers.receive(240_000);
                assertThat(answer).as("an answer within four minutes").isNotNull();
                assertThat(answer.getJMSCorrelationID()).isEqualTo("batch");
                BatchFile.assertAnswers(answer.getBody(String.class), lines);
                Await.until("nothing is left", () -> broker.waiting("vlm.requests") == 0);
                second.stop();
            }
            assertThat(answers.receiveNoWait()).as("a second answer").isNull();
            assertThat(broker.waiting("vlm.dead-letters")).as("dead").isZero();
        }
    }

    /** How many requests an application has answered; 0 before it serves. */
    private static int answered(ApplicationProcess application) throws Exception {
        int port = match(SERVING, String.join("\n", application.output()));
        return port == 0
                ? 0
                : match(
                        ANSWERED,
                        HttpClient.newHttpClient()
                                .send(
                                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                                .build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .body());
    }

    private static int match(Pattern number, String text) {
        Matcher matcher = number.matcher(text);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
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
