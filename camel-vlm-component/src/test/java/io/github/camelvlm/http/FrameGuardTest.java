package io.github.camelvlm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameGuardTest {
    private static final int CREDIT = 10_000;
    private static final int REQUEST = 100;
    private static final int PER_SECOND = 100;

    private long now;
    private final EmbeddedChannel connection = new EmbeddedChannel(new FrameGuard(() -> now));

    @BeforeEach
    void begin() {
        connection.writeInbound(text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    }

    @Test
    void endsAConnectionByTheFirstFrameBeyondItsCredit() {
        frames(CREDIT, Http2FrameTypes.PING, 0, 8);

        assertThatThrownBy(() -> frames(1, Http2FrameTypes.PING, 0, 8))
                .isInstanceOfSatisfying(
                        Http2Exception.class, end -> assertThat(end.error()).isEqualTo(Http2Error.ENHANCE_YOUR_CALM));
    }

    @Test
    void givesCreditByTime() {
        frames(CREDIT, Http2FrameTypes.PING, 0, 8);
        for (int second = 0; second < 10; second++) {
            now += TimeUnit.SECONDS.toNanos(1);
            frames(PER_SECOND, Http2FrameTypes.PING, 0, 8);
        }

        assertThatThrownBy(() -> frames(1, Http2FrameTypes.PING, 0, 8)).isInstanceOf(Http2Exception.class);
    }

    @Test
    void savesNoMoreThanAConnectionBeginsWith() {
        now += TimeUnit.DAYS.toNanos(1);
        frames(1000, Http2FrameTypes.DATA, 1, 16_384);

        frames(CREDIT, Http2FrameTypes.PING, 0, 8);
        assertThatThrownBy(() -> frames(1, Http2FrameTypes.PING, 0, 8)).isInstanceOf(Http2Exception.class);
    }

    @Test
    void passesNothingOnAfterTheEnd() {
        assertThatThrownBy(() -> frames(CREDIT + 1, Http2FrameTypes.PING, 0, 8)).isInstanceOf(Http2Exception.class);
        connection.releaseInbound();
        ByteBuf late = text("late");

        connection.writeInbound(late);

        assertThat(connection.<Object>readInbound()).isNull();
        assertThat(late.refCnt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 9, 10, 17, 1000})
    void findsFramesInWhateverPiecesTheyCome(int size) {
        ByteBuf pings = repeated(CREDIT, Http2FrameTypes.PING, 0, 8);
        while (pings.isReadable()) {
            connection.writeInbound(pings.readRetainedSlice(Math.min(size, pings.readableBytes())));
        }

        assertThatThrownBy(() -> frames(1, Http2FrameTypes.PING, 0, 8)).isInstanceOf(Http2Exception.class);
    }

    @Test
    void takesBodiesInFramesThatCarrySomething() {
        frames(10 * CREDIT, Http2FrameTypes.DATA, 1, 64);
    }

    @Test
    void givesCreditForRequestsButNotForTheirHeadersAgain() {
        for (int stream = 1; stream < 1000; stream += 2) {
            frames(1, Http2FrameTypes.HEADERS, stream, 30);
            frames(REQUEST - 1, Http2FrameTypes.WINDOW_UPDATE, stream, 4);
        }

        frames(CREDIT - REQUEST + 1, Http2FrameTypes.HEADERS, 999, 0);
        assertThatThrownBy(() -> frames(1, Http2FrameTypes.HEADERS, 999, 0)).isInstanceOf(Http2Exception.class);
    }

    @Test
    void givesCreditForTwoWindowsWithEachPieceOfAnAnswer() {
        for (int i = 0; i < CREDIT; i++) {
            connection.writeOutbound(Unpooled.wrappedBuffer(new byte[200]));
            frames(1, Http2FrameTypes.WINDOW_UPDATE, 0, 4);
            frames(1, Http2FrameTypes.WINDOW_UPDATE, 1, 4);
        }
    }

    @Test
    void givesNoCreditForWhatAcknowledgesAFrame() {
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 2 * CREDIT; i++) {
                        frames(1, Http2FrameTypes.PING, 0, 8);
                        connection.writeOutbound(Unpooled.wrappedBuffer(new byte[17]));
                    }
                })
                .isInstanceOf(Http2Exception.class);
    }

    @Test
    void leavesHttp1Alone() {
        EmbeddedChannel other = new EmbeddedChannel(new FrameGuard(() -> now));

        other.writeInbound(text("POST / HTTP/1.1\r\n\r\n"));
        other.writeInbound(Unpooled.wrappedBuffer(new byte[100 * CREDIT]));

        assertThat(other.inboundMessages()).hasSize(2);
        other.releaseInbound();
    }

    private void frames(int count, int type, int stream, int length) {
        connection.writeInbound(repeated(count, type, stream, length));
        connection.releaseInbound();
        connection.releaseOutbound();
    }

    private static ByteBuf repeated(int count, int type, int stream, int length) {
        ByteBuf frames = Unpooled.buffer();
        for (int i = 0; i < count; i++) {
            frames.writeMedium(length)
                    .writeByte(type)
                    .writeByte(0)
                    .writeInt(stream)
                    .writeZero(length);
        }
        return frames;
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
