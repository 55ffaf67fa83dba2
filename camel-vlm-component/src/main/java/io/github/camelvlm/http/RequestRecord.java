package io.github.camelvlm.http;

import io.github.camelvlm.chat.Echo;
import io.github.camelvlm.dialect.Dialect;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known of a request: for its line in the log, and for those who must know that its client has left. The
 * server's threads and the route's both write into it.
 */
final class RequestRecord {
    private final long start = System.nanoTime();
    private final CompletableFuture<Void> departure = new CompletableFuture<>();
    private final Dialect dialect;
    private volatile String owner = "";
    private volatile String details = "";
    private volatile String reason;

    /** @param dialect in which it is answered; null for OpenAI's chat completions */
    RequestRecord(Dialect dialect) {
        this.dialect = dialect;
    }

    /** In which it is answered; null for OpenAI's chat completions. */
    Dialect dialect() {
        return dialect;
    }

    /** Notes by which API key it came, told by a text that is not the key. */
    void owner(String value) {
        owner = value;
    }

    /** What tells one API key from another; empty where none is asked for. */
    String owner() {
        return owner;
    }

    /**
     * How it went inside.
     *
     * @param firstMillis until the first token, or null if there was none
     */
    void answered(String model, int pictures, int prompt, int completion, Long firstMillis) {
        details = "model=" + Echo.of(model) + " pictures=" + pictures + " prompt_tokens=" + prompt
                + " completion_tokens=" + completion + " first_token="
                + (firstMillis == null ? "-" : firstMillis + "ms") + " ";
    }

    /** Why it ended. */
    void reason(String value) {
        reason = value;
    }

    /** Why its answers ended: each reason once, and always in the same order, so that they stay few. */
    void reasons(Stream<String> each) {
        reason(each.distinct().sorted().collect(Collectors.joining(",")));
    }

    /** Completes when the client leaves before it has the answer. */
    CompletableFuture<Void> departure() {
        return departure;
    }

    String details() {
        return details;
    }

    String reason() {
        return reason;
    }

    /** The milliseconds since it came. */
    long millis() {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
