package io.github.camelvlm.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.traffic.GlobalTrafficShapingHandler;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerImpl;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.SslChannelProvider;
import java.util.function.BiConsumer;

/**
 * Vert.x's server, with what its options do not know: it guards connections of HTTP/2 from their first byte, and can
 * stop listening while it still answers.
 */
final class Listener extends HttpServerImpl {
    private final boolean http2;
    private volatile Channel socket;

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
            setUp.accept(connection, tls);
            if (http2) {
                guard(connection.pipeline());
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

    /**
     * Takes no more connections, and keeps those it has. The socket is known by the first connection; without one there
     * is nobody to lose, so it stays open until then, or until {@link #close()}.
     */
    void stopListening() {
        Channel listening = socket;
        if (listening != null) {
            listening.close();
        }
    }
}
