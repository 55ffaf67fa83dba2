package io.github.camelvlm.http;

import io.github.camelvlm.VlmConstants;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * The client that waits for the answer of an exchange.
 *
 * @param connection on which it came
 * @param response where the answer goes
 * @param record for the log
 */
record Client(HttpConnection connection, HttpServerResponse response, RequestRecord record) {
    private static final String PROPERTY = "CamelVlmClient";

    /** HTTP/2's code for a stream that is needed no longer. */
    private static final long CANCEL = 8;

    /**
     * Meets the client of an exchange. From then on its departure ends the generation that the exchange asks for.
     *
     * @throws IllegalStateException if the exchange does not come from Camel's HTTP server
     */
    static Client meet(Exchange exchange) {
        if (!(exchange.getMessage() instanceof HttpMessage message)) {
            throw new IllegalStateException(
                    "Only a message from platform-http can be answered over HTTP: the route must"
                            + " begin with rest: or platform-http:, and camel-platform-http-vertx must be its engine");
        }
        HttpServerResponse response = message.getResponse();
        Client client = new Client(message.getRequest().connection(), response, RequestLog.of(response));
        exchange.setProperty(PROPERTY, client);
        // No header: Camel writes those into the answer of an exchange that it gives up, and waits for a future's
        // value.
        exchange.setProperty(VlmConstants.CANCELLATION, client.departure());
        exchange.setProperty(VlmConstants.OWNER, client.record().owner());
        return client;
    }

    /** The client of an exchange, met now if it has not been met yet. */
    static Client of(Exchange exchange) {
        Client client = exchange.getProperty(PROPERTY, Client.class);
        return client != null ? client : meet(exchange);
    }

    /** Completes when the client leaves before it has the answer. */
    CompletableFuture<Void> departure() {
        return record.departure();
    }

    /** Gives the client up: what it has not taken yet is dropped. */
    void leave(String reason) {
        record.reason(reason);
        departure().complete(null);
        if (response.streamId() >= 0) {
            // Of HTTP/2: others may be answered on the same connection.
            response.reset(CANCEL);
            return;
        }
        // Vert.x's own close waits until the client has taken all, which is what this one does not do.
        if (connection instanceof ConnectionBase base) {
            base.channel().close();
        } else {
            connection.close();
        }
    }

    boolean hasLeft() {
        return departure().isDone();
    }
}
