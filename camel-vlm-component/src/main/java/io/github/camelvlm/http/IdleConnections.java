package io.github.camelvlm.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.Handler;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps a connection from being closed as idle while a request on it waits for its answer, which may take minutes without
 * a byte. Vert.x makes no difference between that and a client that is gone or never asks.
 */
final class IdleConnections implements Handler<RoutingContext> {

    @Override
    public void handle(RoutingContext context) {
        if (context.request().connection() instanceof ConnectionBase connection) {
            ChannelPipeline pipeline = connection.channel().pipeline();
            ChannelHandlerContext clock = pipeline.context(IdleStateHandler.class);
            if (clock != null) {
                RequestsInHand requests = pipeline.get(RequestsInHand.class);
                if (requests == null) {
                    requests = new RequestsInHand();
                    pipeline.addAfter(clock.name(), null, requests);
                }
                requests.follow(context);
            }
        }
        context.next();
    }

    /** Those of one connection. They begin on its thread, but end on that which has written the answer. */
    private static final class RequestsInHand extends ChannelInboundHandlerAdapter {
        private final AtomicInteger count = new AtomicInteger();

        private void follow(RoutingContext context) {
            count.incrementAndGet();
            context.addEndHandler(end -> count.decrementAndGet());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (count.get() == 0 || !(event instanceof IdleStateEvent)) {
                context.fireUserEventTriggered(event);
            }
        }
    }
}
