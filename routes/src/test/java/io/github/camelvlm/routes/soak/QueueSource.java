package io.github.camelvlm.routes.soak;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningBroker;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Pictures that are sent to a queue. */
final class QueueSource implements Source {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EVERY_BROKEN = 10;
    private static final int IN_HAND = 8;

    private final RunningBroker broker = new RunningBroker();
    private final MessageConsumer answers;
    private final MessageConsumer deadLetters;
    private final List<String> goldens = List.copyOf(Goldens.descriptions().keySet());
    private final List<String> expected = new ArrayList<>();
    /** The captions that came for each message; an empty one for the queue of dead letters. */
    private final Map<Integer, List<String>> came = new HashMap<>();

    QueueSource() throws Exception {
        Session session = broker.connection().createSession(false, Session.AUTO_ACKNOWLEDGE);
        answers = session.createConsumer(session.createQueue("vlm.answers"));
        deadLetters = session.createConsumer(session.createQueue("vlm.dead-letters"));
    }

    /** What the application needs to be told to use the queue. */
    Map<String, String> environment() {
        return Map.of(
                "VLM_QUEUE", "true",
                "QUEUE_URL", broker.url(),
                "QUEUE_LOST_AFTER", "4s");
    }

    @Override
    public String name() {
        return "queue";
    }

    @Override
    public void put() throws IOException, JMSException {
        int number = expected.size();
        String golden = goldens.get(number % goldens.size());
        boolean broken = number % EVERY_BROKEN == EVERY_BROKEN - 1;
        Message message = broker.bytes(broken ? HostilePictures.broken() : Files.readAllBytes(Goldens.picture(golden)));
        message.setJMSCorrelationID(String.valueOf(number));
        expected.add(broken ? "" : Goldens.caption(golden));
        broker.send("vlm.requests", message);
    }

    @Override
    public void look() throws IOException, JMSException {
        for (Message answer = answers.receiveNoWait(); answer != null; answer = answers.receiveNoWait()) {
            var caption = JSON.readTree(answer.getBody(String.class)).get("caption");
            if (caption != null) {
                add(answer, caption.asText());
            }
        }
        for (Message dead = deadLetters.receiveNoWait(); dead != null; dead = deadLetters.receiveNoWait()) {
            add(dead, "");
        }
    }

    private void add(Message message, String caption) throws JMSException {
        came.computeIfAbsent(Integer.valueOf(message.getJMSCorrelationID()), unseen -> new ArrayList<>())
                .add(caption);
    }

    @Override
    public int brought() {
        return expected.size();
    }

    @Override
    public int settled() {
        return came.size();
    }

    @Override
    public void check(Tally tally, int kills) {
        int twice = 0;
        for (int number = 0; number < expected.size(); number++) {
            List<String> captions = came.getOrDefault(number, List.of());
            if (captions.isEmpty()) {
                tally.fault("queue: message " + number + " is lost");
            }
            for (String caption : captions) {
                if (!caption.equals(expected.get(number))) {
                    tally.fault("queue: message " + number + " is called " + caption + ", not " + expected.get(number));
                }
            }
            if (captions.size() > 1) {
                tally.count("queue: answered twice");
                twice += captions.size() - 1;
            }
        }
        if (twice > kills * IN_HAND) {
            tally.fault("queue: " + twice + " messages were answered once more, which is more than kills explain");
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
