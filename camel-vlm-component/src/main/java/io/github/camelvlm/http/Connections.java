package io.github.camelvlm.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of clients: how many one may have, and for how long one is kept that carries no request. A request
 * that waits for its answer keeps its connection, which may take minutes without a byte.
 */
final class Connections implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final Vertx vertx;
    private final int limit;
    private final Duration idle;
    private final Map<HttpConnection, Carrier> carriers = new ConcurrentHashMap<>();
    private final Map<String, Integer> byClient = new HashMap<>();

    /**
     * @param vertx runs the timers
     * @param limit the most connections of one client
     * @param idle how long a connection is kept on which no request is whole
     */
    Connections(Vertx vertx, int limit, Duration idle) {
        this.vertx = vertx;
        this.limit = limit;
        this.idle = idle;
    }

    /** Takes a new connection, or closes it if its client has too many. */
    void open(HttpConnection connection) {
        String client = ClientAddress.of(connection.remoteAddress());
        int count;
        synchronized (byClient) {
            count = byClient.merge(client, 1, Integer::sum);
        }
        Carrier carrier = new Carrier(connection);
        carriers.put(connection, carrier);
        connection.closeHandler(closed -> {
            carriers.remove(connection).stop();
            synchronized (byClient) {
                byClient.computeIfPresent(client, (name, open) -> open == 1 ? null : Integer.valueOf(open - 1));
            }
        });
        if (count > limit) {
            LOG.debug("A connection of {} is closed: it has {} already", client, limit);
            connection.close();
        } else {
            carrier.awaitRequest();
        }
    }

    @Override
    public void handle(RoutingContext context) {
        Carrier carrier = carriers.get(context.request().connection());
        if (carrier != null) {
            carrier.begin();
            context.addEndHandler(end -> carrier.end());
        }
        context.next();
    }

    /** No more requests of a connection are answered. */
    void end(HttpConnection connection) {
        Carrier carrier = carriers.get(connection);
        if (carrier != null) {
            carrier.over = true;
        }
    }

    /** Whether a connection has been ended. */
    boolean isOver(HttpConnection connection) {
        Carrier carrier = carriers.get(connection);
        return carrier != null && carrier.over;
    }

    /** Whether each connection that is open has been silent for a time, and carries no request. */
    boolean areSilentFor(Duration time) {
        return carriers.values().stream().allMatch(carrier -> carrier.isSilentFor(time));
    }

    /** One connection. Requests begin on its thread, but end on that which has written the answer. */
    private final class Carrier {
        private final HttpConnection connection;
        private long since = System.nanoTime();
        private int requests;
        private volatile boolean over;
        private long timer = -1;

        Carrier(HttpConnection connection) {
            this.connection = connection;
        }

        synchronized void begin() {
            requests++;
            stop();
        }

        synchronized void end() {
            requests--;
            since = System.nanoTime();
            if (requests == 0) {
                awaitRequest();
            }
        }

        synchronized void awaitRequest() {
            stop();
            if (carriers.get(connection) == this) {
                timer = vertx.setTimer(idle.toMillis(), over -> connection.close());
            }
        }

        synchronized void stop() {
            vertx.cancelTimer(timer);
        }

        synchronized boolean isSilentFor(Duration time) {
            return requests == 0 && System.nanoTime() - since >= time.toNanos();
        }
    }
}
