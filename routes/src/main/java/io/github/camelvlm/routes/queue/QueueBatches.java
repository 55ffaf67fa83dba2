package io.github.camelvlm.routes.queue;

import io.github.camelvlm.routes.batch.Batches;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.jms.JmsMessage;

/**
 * Answers messages that hold requests in OpenAI's batch format: one, or a line each. A message is answered as a whole, in its
 * transaction, so that after a crash its lines are answered anew, and its sender sees each answer once.
 */
public final class QueueBatches implements Processor {
    private static final String TYPE = "type";
    private static final String BATCH = "batch";

    /** In the characters of the first line; a body may stand before the name. */
    private static final String MARK = "\"custom_id\"";

    private Batches batches;
    private int maxBytes = 100 * 1024 * 1024;

    public void setBatches(Batches batches) {
        this.batches = batches;
    }

    /** @param maxBytes a larger message is left to the rules for pictures, which refuse it */
    public void setMaxBytes(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whether a message holds requests: its property {@code type} is {@code batch}, or its first line has a custom_id. */
    public boolean isBatch(Exchange exchange) throws JMSException {
        Message message = exchange.getMessage();
        if (message instanceof JmsMessage jms
                && jms.getJmsMessage() instanceof BytesMessage bytes
                && bytes.getBodyLength() > maxBytes) {
            return false;
        }
        Object body = message.getBody();
        boolean isText = body instanceof String text && text.length() <= maxBytes;
        if (!isText && !(body instanceof byte[])) {
            return false;
        }
        if (BATCH.equals(message.getHeader(TYPE))) {
            return true;
        }
        if (body instanceof byte[] bytes && (bytes.length == 0 || bytes[0] != '{')) {
            // Most likely a picture.
            return false;
        }
        String text = body instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : (String) body;
        String plain = text.stripLeading();
        int end = plain.indexOf('\n');
        return plain.startsWith("{") && (end < 0 ? plain : plain.substring(0, end)).contains(MARK);
    }

    /**
     * Puts the answers into the body, a line each.
     *
     * @throws InterruptedException if the application stops; the message goes back to the queue then
     */
    @Override
    public void process(Exchange exchange) throws InterruptedException {
        Message message = exchange.getMessage();
        Object body = message.getBody();
        byte[] lines = body instanceof byte[] bytes ? bytes : ((String) body).getBytes(StandardCharsets.UTF_8);
        message.setBody(batches.answer(lines, message.getHeader(Exchange.FILE_NAME, String.class)));
    }
}
