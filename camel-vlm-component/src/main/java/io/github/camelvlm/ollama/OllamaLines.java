package io.github.camelvlm.ollama;

import io.github.camelvlm.dialect.AnswerStream;
import io.github.camelvlm.openai.ChatCompletionChunk;
import io.github.camelvlm.openai.FunctionToolCall;
import io.github.camelvlm.openai.Json;
import io.github.camelvlm.openai.OpenAiError;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** An answer in lines of JSON. */
final class OllamaLines implements AnswerStream {
    private final Function<String, OllamaAnswer> answers;
    private final long begun;
    private long firstToken;
    private String finishReason = "stop";
    /** The tool whose arguments are still to come. */
    private String tool;

    /**
     * @param answers gives the answer of the model of a name
     * @param begun when it was asked for, by {@link System#nanoTime}
     */
    OllamaLines(Function<String, OllamaAnswer> answers, long begun) {
        this.answers = answers;
        this.begun = begun;
    }

    @Override
    public String contentType() {
        return "application/x-ndjson";
    }

    /** Every line is a piece. */
    @Override
    public String keepAlive() {
        return null;
    }

    @Override
    public String piece(ChatCompletionChunk chunk) {
        if (firstToken == 0) {
            firstToken = System.nanoTime() - begun;
        }
        OllamaAnswer answer = answers.apply(chunk.model());
        StringBuilder lines = new StringBuilder();
        for (ChatCompletionChunk.Choice choice : chunk.choices()) {
            String text = choice.delta().content();
            if (text != null && !text.isEmpty()) {
                lines.append(line(answer.piece(text, List.of(), false)));
            }
            if (choice.delta().toolCalls() != null) {
                choice.delta().toolCalls().forEach(call -> lines.append(call(answer, call)));
            }
            if (choice.finishReason() != null) {
                finishReason = choice.finishReason();
            }
        }
        if (chunk.usage() != null) {
            Map<String, Object> last = answer.piece("", List.of(), true);
            last.putAll(answer.end(finishReason, chunk.usage(), System.nanoTime() - begun, firstToken));
            lines.append(line(last));
        }
        return lines.toString();
    }

    private String call(OllamaAnswer answer, FunctionToolCall piece) {
        if (piece.id() != null) {
            tool = piece.function().name();
            return "";
        }
        return line(answer.piece("", List.of(OllamaAnswer.call(piece.index(), tool, piece.function())), false));
    }

    @Override
    public String end() {
        return "";
    }

    @Override
    public String failure(OpenAiError error) {
        return OllamaDialect.errorJson(error) + "\n";
    }

    private static String line(Map<String, Object> fields) {
        return Json.write(fields) + "\n";
    }
}
