package io.github.camelvlm.routes;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** An Artemis broker in this JVM, which listens at a port, and a client of it. */
public final class RunningBroker implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 30_000;

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private final String url;
    private final Connection connection;
    private final Session session;

    public RunningBroker() throws Exception {
        url = "tcp://127.0.0.1:" + freePort();
        Configuration configuration = new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .addAcceptorConfiguration("tcp", url);
        broker.setConfiguration(configuration).start();
        connection = new ActiveMQConnectionFactory(url).createConnection();
        connection.start();
        session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public String url() {
        return url;
    }

    /** What an application needs to be told to use this broker. */
    public Map<String, String> properties() {
        return Map.of("vlm.queue", "true", "queue.url", url, "queue.retry-delay", "100");
    }

    public Session session() {
        return session;
    }

    public Connection connection() {
        return connection;
    }

    public Message bytes(byte[] bytes) throws JMSException {
        var message = session.createBytesMessage();
        message.writeBytes(bytes);
        return message;
    }

    public Message text(String text) throws JMSException {
        return session.createTextMessage(text);
    }

    public void send(String queue, Message message) throws JMSException {
        try (MessageProducer producer = session.createProducer(session.createQueue(queue))) {
            producer.send(message);
        }
    }

    /** Sends a request, and waits for its answer. */
    public Message ask(String queue, Message message) throws JMSException {
        Queue replies = session.createTemporaryQueue();
        message.setJMSReplyTo(replies);
        send(queue, message);
        try (MessageConsumer consumer = session.createConsumer(replies)) {
            return consumer.receive(PATIENCE_MILLIS);
        }
    }

    /** The next message of a queue, or null after 30 seconds. */
    public Message receive(String queue) throws JMSException {
        try (MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
            return consumer.receive(PATIENCE_MILLIS);
        }
    }

    /** Takes the broker away, with all that it holds, until {@link #comeBack}; connections are lost. */
    public void goAway() throws Exception {
        broker.stop();
    }

    public void comeBack() throws Exception {
        broker.start();
    }

    /** How many messages a queue holds, those in the hands of consumers included. */
    public long waiting(String name) {
        var queue = broker.getActiveMQServer().locateQueue(name);
        return queue == null ? 0 : queue.getMessageCount();
    }

    @Override
    public void close() {
        try {
            connection.close();
            broker.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
