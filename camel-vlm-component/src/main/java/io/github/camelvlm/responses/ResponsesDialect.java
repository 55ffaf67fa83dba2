package io.github.camelvlm.responses;

import io.github.camelvlm.dialect.Call;
import io.github.camelvlm.dialect.Dialect;
import io.github.camelvlm.dialect.Dialogue;
import io.github.camelvlm.dialect.JsonAnswer;
import io.github.camelvlm.dialect.NotKeptException;
import io.github.camelvlm.openai.Json;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.JsonValue;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * OpenAI's Responses at {@code /v1/responses}. What it keeps of answers stays in memory, within bounds, and is given to
 * those alone who have the API key by which it was made.
 */
public final class ResponsesDialect implements Dialect {
    private static final String PATH = "/v1/responses";

    private static final int DEFAULT_MAX_KEPT = 1_000;
    private static final long DEFAULT_MAX_KEPT_BYTES = 64L << 20;
    private static final Duration DEFAULT_KEPT_FOR = Duration.ofHours(6);

    private final ResponseStore store =
            new ResponseStore(DEFAULT_MAX_KEPT, DEFAULT_MAX_KEPT_BYTES, DEFAULT_KEPT_FOR, System::nanoTime);

    @Override
    public boolean isSpokenAt(String path) {
        return path.equals(PATH) || path.startsWith(PATH + "/");
    }

    @Override
    public Dialogue read(Call call) {
        return new ResponseDialogue(ResponseRequest.read(Json.parse(call.body()), call.owner(), store), store);
    }

    /** Gives or forgets the response that the path ends with. */
    @Override
    public JsonBody look(Call call) {
        String id = URLDecoder.decode(call.path().substring(call.path().lastIndexOf('/') + 1), StandardCharsets.UTF_8);
        if (call.method().equals("DELETE")) {
            if (!store.remove(id, call.owner())) {
                throw unknown(id);
            }
            return new JsonAnswer(Map.of("id", id, "object", "response", "deleted", true));
        }
        String answer =
                store.find(id, call.owner()).orElseThrow(() -> unknown(id)).answer();
        return new WrittenJson(answer);
    }

    /** An answer that is written already. */
    private record WrittenJson(String toJson) implements JsonBody {}

    private static NotKeptException unknown(String id) {
        return new NotKeptException("There is no response " + JsonValue.clip(id)
                + ", or not any more: responses are kept for a while only, and for the API key that asked for them");
    }

    /** @param limit the most responses that are kept; 0 to keep none */
    public void setMaxKept(int limit) {
        store.setMaxCount(limit);
    }

    /** @param bytes the most bytes of all responses that are kept, with the conversations that led to them */
    public void setMaxKeptBytes(long bytes) {
        store.setMaxBytes(bytes);
    }

    /** @param millis how long a response is kept, in milliseconds */
    public void setKeptForMillis(long millis) {
        store.setMaxAge(Duration.ofMillis(millis));
    }
}
