package io.github.camelvlm.ollama;

import io.github.camelvlm.openai.CompletionUsage;
import io.github.camelvlm.openai.FunctionToolCall;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of an answer as Ollama names them.
 *
 * @param isChat whether it is a message, and not a text alone
 * @param model the model as the client called it
 */
record OllamaAnswer(boolean isChat, String model) {

    /** A piece of the answer, or the whole of it. */
    Map<String, Object> piece(String text, List<Map<String, Object>> calls, boolean isDone) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("model", model);
        fields.put("created_at", Instant.now().toString());
        String words = text == null ? "" : text;
        if (isChat) {
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("role", "assistant");
            message.put("content", words);
            if (!calls.isEmpty()) {
                message.put("tool_calls", calls);
            }
            fields.put("message", message);
        } else {
            fields.put("response", words);
        }
        fields.put("done", isDone);
        return fields;
    }

    /**
     * A call of a tool: what it is given is an object here, and a text where it was cut and is no JSON.
     *
     * @param index its place among the calls of the answer, from 0: by it clients tell those apart that come line by line
     */
    static Map<String, Object> call(int index, String name, FunctionToolCall.Function called) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("index", index);
        function.put("name", name);
        function.put("arguments", called.readArguments());
        return Map.of("function", function);
    }

    /**
     * What the last piece tells beside.
     *
     * @param total how long it took, in nanoseconds
     * @param firstToken how long its first token took, in nanoseconds; 0 if that is not known
     */
    Map<String, Object> end(String finishReason, CompletionUsage usage, long total, long firstToken) {
        Map<String, Object> fields = new LinkedHashMap<>();
        // A call of a tool ends an answer of Ollama's as its own end does.
        fields.put("done_reason", finishReason.equals("length") ? "length" : "stop");
        fields.put("total_duration", total);
        fields.put("load_duration", 0);
        fields.put("prompt_eval_count", usage.promptTokens());
        fields.put("prompt_eval_duration", firstToken);
        fields.put("eval_count", usage.completionTokens());
        fields.put("eval_duration", Math.max(0, total - firstToken));
        return fields;
    }
}
