package io.github.camelvlm.routes.queue;

import io.github.camelvlm.routes.report.RouteHealth;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.util.concurrent.locks.ReentrantLock;

/** Whether the broker of a queue is there: a connection of its own is open, or can be opened. */
public final class QueueHealth extends RouteHealth implements AutoCloseable {
    private final ReentrantLock connecting = new ReentrantLock();
    private ConnectionFactory connectionFactory;
    private String url;
    private volatile Connection connection;
    private volatile String trouble;

    public QueueHealth() {
        super("queue");
    }

    public void setConnectionFactory(ConnectionFactory connectionFactory) {
        this.connectionFactory = connectionFactory;
    }

    /** @param url of the broker, for the message */
    public void setUrl(String url) {
        this.url = url;
    }

    @Override
    public String trouble() {
        // While one waits for a broker that does not answer, others are told what was known before.
        if (connection == null && connecting.tryLock()) {
            try {
                connect();
            } finally {
                connecting.unlock();
            }
        }
        return trouble;
    }

    private void connect() {
        if (connection != null) {
            return;
        }
        try {
            Connection opened = connectionFactory.createConnection();
            opened.setExceptionListener(failure -> lost(opened, failure));
            connection = opened;
            trouble = null;
        } catch (JMSException e) {
            trouble = BrokerFailures.sentence(url, e);
        }
    }

    private void lost(Connection of, JMSException failure) {
        trouble = BrokerFailures.sentence(url, failure);
        connection = null;
        close(of);
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (JMSException e) {
            // It is lost in any case.
        }
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            close(open);
        }
    }
}
