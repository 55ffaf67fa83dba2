package io.github.camelvlm.routes.queue;

import io.github.camelvlm.routes.report.FailureReason;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Instant;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.jms.JmsMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the message of a queue that cannot be answered into another queue, as it came, with the reason in its properties.
 * Both happen in the transaction of the message, so that it is in exactly one of the two queues.
 */
public final class DeadLetterQueue implements Processor {
    /** The property that says why. */
    public static final String REASON = "vlm_failure";

    /** The property that says when, in UTC, as in {@code 2026-11-24T07:20:44.486Z}. */
    public static final String FAILED_AT = "vlm_failed_at";

    /** The property that says from which queue it came. */
    public static final String QUEUE = "vlm_queue";

    private static final String RECEIVED = DeadLetterQueue.class.getName();

    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    private static final String DELIVERIES = "JMSXDeliveryCount";

    private String name;
    private int maxDeliveries;
    private int consumers;

    /** @param name the name of the queue of dead letters */
    public void setName(String name) {
        this.name = name;
    }

    /** @param maxDeliveries how often a message is given to consumers that end before they answer it */
    public void setMaxDeliveries(int maxDeliveries) {
        this.maxDeliveries = maxDeliveries;
    }

    /** @param consumers how many the process has */
    public void setConsumers(int consumers) {
        this.consumers = consumers;
    }

    /**
     * Whether a message was delivered more often than it may be. The end of one process counts as up to one delivery for each
     * of its consumers, since a broker that learns of it gives the message of the first to the others that it has yet to close.
     */
    public boolean isDeliveredTooOften(Exchange exchange) {
        int deliveries = exchange.getMessage().getHeader(DELIVERIES, 1, Integer.class);
        return deliveries > Math.max(maxDeliveries, consumers + 1);
    }

    /** Keeps the message as it came: the copies that Camel makes of it on its way do not know its session. */
    public void keep(Exchange exchange) {
        exchange.setProperty(RECEIVED, exchange.getIn(JmsMessage.class));
    }

    /** Puts the message that was kept into the queue. */
    @Override
    public void process(Exchange exchange) throws JMSException {
        JmsMessage received = exchange.getProperty(RECEIVED, JmsMessage.class);
        Message message = received.getJmsMessage();
        String reason = reason(exchange);
        LOG.warn("Message {} goes to the queue {}: {}", message.getJMSMessageID(), name, reason);
        addProperties(message, reason);
        Session session = received.getJmsSession();
        try (MessageProducer producer = session.createProducer(session.createQueue(name))) {
            producer.send(
                    message, message.getJMSDeliveryMode(), message.getJMSPriority(), Message.DEFAULT_TIME_TO_LIVE);
        }
    }

    private static String reason(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (failure == null) {
            return "it was delivered " + exchange.getIn().getHeader(DELIVERIES)
                    + " times and never answered: see the logs of the consumers for what ended them";
        }
        return FailureReason.of(failure);
    }

    /** The properties of a message that was received can only be set anew, all of them. */
    private static void addProperties(Message message, String reason) throws JMSException {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Enumeration<?> names = message.getPropertyNames(); names.hasMoreElements(); ) {
            String property = (String) names.nextElement();
            properties.put(property, message.getObjectProperty(property));
        }
        message.clearProperties();
        // JMSX… is the broker's.
        properties.keySet().removeIf(property -> property.startsWith("JMSX"));
        properties.put(REASON, reason);
        properties.put(FAILED_AT, Instant.now().toString());
        properties.put(QUEUE, String.valueOf(message.getJMSDestination()));
        for (Map.Entry<String, Object> property : properties.entrySet()) {
            message.setObjectProperty(property.getKey(), property.getValue());
        }
    }
}
