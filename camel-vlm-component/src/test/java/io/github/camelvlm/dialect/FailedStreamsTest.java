package io.github.camelvlm.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.openai.ChatCompletionChunk;
import io.github.camelvlm.openai.OpenAiError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An answer that fails after its first byte: before its first piece, which a sign of life precedes, or behind it. */
class FailedStreamsTest {
    private static final OpenAiError FAILURE =
            new OpenAiError(503, new OpenAiError.Detail("it failed", "service_unavailable", null, null));

    private static AnswerStream stream(DialectRequests dialect) {
        return dialect.read(dialect.body()).stream();
    }

    private static ChatCompletionChunk piece() {
        return new ChatCompletionChunk(
                "chatcmpl-1",
                ChatCompletionChunk.OBJECT,
                0,
                "m",
                null,
                List.of(new ChatCompletionChunk.Choice(
                        0, new ChatCompletionChunk.Delta(null, "Well", null), null, null, null, null)),
                null);
    }

    @ParameterizedTest
    @CsvSource({
        "MESSAGES, /error/message",
        "RESPONSES, /message",
        "COMPLETIONS, /error/message",
        "CHAT, /error",
        "GENERATE, /error"
    })
    void tellItInTheWordsOfTheirProtocolAtTheBeginning(DialectRequests dialect, String place) throws Exception {
        assertThat(last(stream(dialect).failure(FAILURE)).at(place).asText()).isEqualTo("it failed");
    }

    @ParameterizedTest
    @CsvSource({
        "MESSAGES, /error/message",
        "RESPONSES, /response/error/message",
        "COMPLETIONS, /error/message",
        "CHAT, /error",
        "GENERATE, /error"
    })
    void tellItInTheWordsOfTheirProtocolInTheMiddle(DialectRequests dialect, String place) throws Exception {
        AnswerStream stream = stream(dialect);

        assertThat(stream.piece(piece())).contains("Well");
        assertThat(last(stream.failure(FAILURE)).at(place).asText()).isEqualTo("it failed");
    }

    @Test
    void tellThatAResponseHasFailed() throws Exception {
        AnswerStream stream = stream(DialectRequests.RESPONSES);
        stream.piece(piece());

        JsonNode failed = last(stream.failure(FAILURE));

        assertThat(failed.get("type").asText()).isEqualTo("response.failed");
        assertThat(failed.at("/response/status").asText()).isEqualTo("failed");
    }

    /** The last event or line. */
    private static JsonNode last(String written) throws Exception {
        assertThat(written).endsWith("\n");
        String[] lines = written.strip().split("\n");
        return new ObjectMapper().readTree(lines[lines.length - 1].replaceFirst("^data: ", ""));
    }
}
