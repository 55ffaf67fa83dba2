package io.github.camelvlm.routes.queue;

import jakarta.jms.ConnectionFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.util.TimeUtils;

/** Makes connections to an Artemis broker that suit messages which take long, and consumers on many machines. */
public final class QueueConnection {
    private String url = "";
    private String user = "";
    private String password = "";
    private long lostAfter = 30_000;

    /**
     * Names the broker.
     *
     * @param url such as {@code tcp://localhost:61616}, with the parameters that Artemis knows
     * @throws IllegalArgumentException if Artemis does not understand it
     */
    public void setUrl(String url) {
        this.url = url.strip();
        try {
            // It connects to nothing yet. A failure in factory() would not be told: Camel takes no answer for null.
            new ActiveMQConnectionFactory(this.url).close();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("queue.url is \"" + this.url
                    + "\": write the URL of an Artemis broker, such as tcp://localhost:61616");
        }
    }

    /** @param user blank for none */
    public void setUser(String user) {
        this.user = user;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    /**
     * Sets after what silence the broker takes a consumer for dead, and gives its messages to others; 30 seconds by
     * default.
     *
     * @param time as Camel writes times: {@code 30s}, {@code 1m}
     */
    public void setLostAfter(String time) {
        lostAfter = TimeUtils.toMilliSeconds(time);
    }

    /** The factory, which connects to nothing yet. */
    public ConnectionFactory factory() {
        ActiveMQConnectionFactory factory = user.isBlank()
                ? new ActiveMQConnectionFactory(url)
                : new ActiveMQConnectionFactory(url, user, password);
        // Messages that one consumer has fetched ahead would wait for it while others are idle.
        factory.setConsumerWindowSize(0);
        factory.setConnectionTTL(lostAfter);
        factory.setClientFailureCheckPeriod(lostAfter / 2);
        return factory;
    }
}
