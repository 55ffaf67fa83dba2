package io.github.camelvlm.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a connection of HTTP/2 that keeps the server busy with frames that carry nothing. A frame costs the same
 * work whatever it carries; so each spends of the connection's credit, and requests, their bodies and their answers add
 * to it. It reads the bytes before Netty does, which passes over some frames without telling of them.
 */
final class FrameGuard extends ChannelDuplexHandler {
    /** The bytes of a body that a frame must carry to be worth its work. */
    private static final long FRAME = 64;

    /** For its cancellation, the window of its answer, and the like. */
    private static final long REQUEST = 100 * FRAME;

    /** For clients that ask whether the connection still stands. */
    private static final long SECOND = 100 * FRAME;

    /** What a connection begins with, and the most it can save. */
    private static final long MOST = 10_000 * FRAME;

    private static final long LINGER_MILLIS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(FrameGuard.class);

    private final FrameHeads heads = new FrameHeads();
    private long credit = MOST;
    private final LongSupplier clock;
    private long since;
    private int lastStream;
    private long lastRead;
    private boolean over;

    /** @param clock the time in nanoseconds */
    FrameGuard(LongSupplier clock) {
        this.clock = clock;
        since = clock.getAsLong();
        lastRead = since;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (over) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof ByteBuf bytes) {
            lastRead = clock.getAsLong();
            earnByTime();
            heads.read(bytes, this::spend);
            if (credit < 0) {
                bytes.release();
                end(ctx);
                return;
            }
        }
        ctx.fireChannelRead(message);
    }

    private void earnByTime() {
        long now = clock.getAsLong();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(now - since);
        if (seconds > 0) {
            since = now;
            earn(Math.min(seconds, MOST / SECOND) * SECOND);
        }
    }

    private void spend(int type, int stream, int length) {
        credit -= FRAME;
        if (type == Http2FrameTypes.DATA) {
            earn(length);
        } else if (type == Http2FrameTypes.HEADERS && stream > lastStream) {
            lastStream = stream;
            earn(REQUEST);
        }
    }

    private void earn(long bytes) {
        credit = Math.min(credit + bytes, MOST);
    }

    /** Nothing more is read, and Vert.x hears of it as of any fault of the connection: it says so, and closes it. */
    private void end(ChannelHandlerContext ctx) {
        over = true;
        ctx.channel().config().setAutoRead(false);
        LOG.debug(
                "The connection of {} is closed: it sends frames of HTTP/2 that carry nothing",
                ctx.channel().remoteAddress());
        ctx.fireExceptionCaught(
                Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "Too many frames that carry nothing"));
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        long sinceRead = TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - lastRead);
        if (over || sinceRead < LINGER_MILLIS) {
            // What is left unread would make the system throw away what the client has not got yet: the reason, which
            // may
            // also be one that Netty found.
            over = true;
            ctx.channel().config().setAutoRead(false);
            ctx.executor().schedule(() -> ctx.close(promise), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            ctx.close(promise);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        // Each piece of an answer may open two windows again. What only acknowledges a frame is shorter than its price.
        if (message instanceof ByteBuf bytes) {
            earn(bytes.readableBytes());
        }
        ctx.write(message, promise);
    }

    /** A connection that goes over from HTTP/1 loses all handlers but that of HTTP/2, just before its first frame. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ChannelHandlerContext http2 = ctx.pipeline().context(Http2ConnectionHandler.class);
        if (http2 != null && ctx.channel().isActive()) {
            ctx.pipeline().addBefore(http2.name(), null, new FrameGuard(clock));
        }
    }
}
