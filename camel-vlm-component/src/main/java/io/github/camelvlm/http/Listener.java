package io.github.camelvlm.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.traffic.GlobalTrafficShapingHandler;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerImpl;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.SslChannelProvider;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Vert.x's server, with what its options do not know: it guards connections of HTTP/2 from their first byte, and can
 * stop listening while it still answers.
 */
final class Listener extends HttpServerImpl {
    private static final long FIRST_REQUEST = TimeUnit.SECONDS.toNanos(1);

    private final boolean http2;
    private final Map<Channel, Long> newcomers = new ConcurrentHashMap<>();
    private final Set<Channel> held = ConcurrentHashMap.newKeySet();
    private volatile Channel socket;
    private volatile boolean holds;
    private volatile long lastCame;

    /**
     * @param vertx runs it
     * @param options what it serves, and how
     * @param http2 whether clients may speak HTTP/2
     */
    Listener(VertxInternal vertx, HttpServerOptions options, boolean http2) {
        super(vertx, options);
        this.http2 = http2;
    }

    @Override
    protected BiConsumer<Channel, SslChannelProvider> childHandler(
            ContextInternal context, SocketAddress address, GlobalTrafficShapingHandler shaping) {
        BiConsumer<Channel, SslChannelProvider> setUp = super.childHandler(context, address, shaping);
        return (connection, tls) -> {
            socket = connection.parent();
            lastCame = System.nanoTime();
            newcomers.put(connection, lastCame);
            connection.closeFuture().addListener(closed -> newcomers.remove(connection));
            if (holds) {
                connection.config().setAutoRead(false);
                held.add(connection);
            }
            setUp.accept(connection, tls);
            if (http2) {
                guard(connection.pipeline());
            }
            if (!holds) {
                release();
            }
        };
    }

    private static void guard(ChannelPipeline connection) {
        FrameGuard guard = new FrameGuard(System::nanoTime);
        if (connection.get(SslHandler.class) == null) {
            connection.addFirst(guard);
        } else {
            // Behind those of TLS, where bytes are in the clear, and before those that are added after the handshake.
            connection.addLast(guard);
        }
    }

    @Override
    public synchronized HttpServer requestHandler(Handler<HttpServerRequest> handler) {
        return super.requestHandler(request -> {
            if (request.connection() instanceof ConnectionBase connection) {
                newcomers.remove(connection.channel());
            }
            handler.handle(request);
        });
    }

    /** Whether a client has connected within the last second, and not asked anything yet. */
    boolean awaitsFirstRequest() {
        long now = System.nanoTime();
        return newcomers.values().stream().anyMatch(came -> now - came < FIRST_REQUEST);
    }

    /**
     * Lets clients that connect from now on wait for their answers, until {@link #stopListening}. A client that waits does
     * not connect again, so that there comes a moment in which no client is about to.
     */
    void hold() {
        lastCame = System.nanoTime();
        holds = true;
    }

    /** Whether no client has connected for a time. */
    boolean isQuietFor(Duration time) {
        return System.nanoTime() - lastCame >= time.toNanos();
    }

    /**
     * Takes no more connections, and answers those it has; a client whose connection the system has accepted, but not
     * this server yet, sees it reset. The socket is known by the first connection: without one there is no client to
     * lose, and it stays open until {@link #close()}.
     */
    void stopListening() {
        Channel listening = socket;
        if (listening == null) {
            answerTheHeld();
        } else {
            // Java closes the socket with the next look of the thread at its sockets, thus before that runs a timer.
            listening
                    .close()
                    .addListener(
                            closed -> listening.eventLoop().schedule(this::answerTheHeld, 1, TimeUnit.MILLISECONDS));
        }
    }

    private void answerTheHeld() {
        holds = false;
        release();
    }

    private void release() {
        held.removeIf(connection -> {
            connection.config().setAutoRead(true);
            return true;
        });
    }
}
