package io.github.camelvlm.responses;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.openai.ContentPart;
import io.github.camelvlm.openai.FunctionToolCall;
import io.github.camelvlm.openai.ImageContent;
import io.github.camelvlm.openai.RequestMessage;
import io.github.camelvlm.openai.VideoContent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResponseStoreTest {
    private final AtomicLong now = new AtomicLong();

    private ResponseStore store(int count, long bytes) {
        return new ResponseStore(count, bytes, Duration.ofSeconds(10), now::get);
    }

    private static ResponseStore.Kept response(String owner, int length) {
        return new ResponseStore.Kept(owner, List.of(RequestMessage.of("user", "x".repeat(length))), "{}");
    }

    @Test
    void keepsTheNewestOfTooMany() {
        ResponseStore store = store(2, 1_000_000);
        for (String id : List.of("a", "b", "c")) {
            store.keep(id, response("owner", 1));
        }

        assertThat(store.find("a", "owner")).isEmpty();
        assertThat(store.find("b", "owner")).isPresent();
        assertThat(store.find("c", "owner")).isPresent();
    }

    @Test
    void keepsTheNewestOfTooLargeOnes() {
        ResponseStore store = store(100, 10_000);
        store.keep("a", response("owner", 2_000));
        store.keep("b", response("owner", 4_000));

        assertThat(store.find("a", "owner")).isEmpty();
        assertThat(store.find("b", "owner")).isPresent();
        assertThat(store.bytes()).isBetween(8_000L, 10_000L);
    }

    @Test
    void keepsNoneThatIsTooLargeByItself() {
        ResponseStore store = store(100, 10_000);
        store.keep("a", response("owner", 1));
        store.keep("b", response("owner", 6_000));

        assertThat(store.find("a", "owner")).isPresent();
        assertThat(store.find("b", "owner")).isEmpty();
        assertThat(store.hasRoomFor(response("owner", 6_000).turns())).isFalse();
    }

    @Test
    void forgetsTheOld() {
        ResponseStore store = store(100, 10_000);
        store.keep("a", response("owner", 1));
        now.addAndGet(Duration.ofSeconds(9).toNanos());
        assertThat(store.find("a", "owner")).isPresent();

        now.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(store.find("a", "owner")).isEmpty();
        assertThat(store.bytes()).isZero();
    }

    @Test
    void isOpenToTheOwnerAlone() {
        ResponseStore store = store(100, 10_000);
        store.keep("a", response("owner", 1));

        assertThat(store.find("a", "other")).isEmpty();
        assertThat(store.remove("a", "other")).isFalse();
        assertThat(store.remove("a", "owner")).isTrue();
        assertThat(store.bytes()).isZero();
    }

    private static Stream<RequestMessage> largeTurns() {
        String large = "x".repeat(6_000);
        FunctionToolCall.Function small = new FunctionToolCall.Function("f", "{}");
        return Stream.of(
                RequestMessage.of("user", large),
                new RequestMessage("tool", List.of(), List.of(), large),
                calling(large, small),
                calling("c", new FunctionToolCall.Function(large, "{}")),
                calling("c", new FunctionToolCall.Function("f", large)),
                showing(new ImageContent(new ImageContent.ImageUrl(large, null), null, null)),
                showing(new ImageContent(null, null, null, large)),
                showing(VideoContent.at(large)),
                showing(new VideoContent(
                        null, List.of(large), null, null, null, null, null, null, null, null, null, null, null)));
    }

    private static RequestMessage calling(String id, FunctionToolCall.Function function) {
        return new RequestMessage(
                "assistant", List.of(), List.of(new FunctionToolCall(null, id, "function", function)), null);
    }

    private static RequestMessage showing(ContentPart part) {
        return new RequestMessage("user", List.of(part));
    }

    @ParameterizedTest
    @MethodSource("largeTurns")
    void countsAllThatATurnHolds(RequestMessage turn) {
        assertThat(store(100, 10_000).hasRoomFor(List.of(turn))).isFalse();
        assertThat(store(100, 20_000).hasRoomFor(List.of(turn))).isTrue();
    }
}
