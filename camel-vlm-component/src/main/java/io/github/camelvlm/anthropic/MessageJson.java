package io.github.camelvlm.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.openai.CompletionUsage;
import io.github.camelvlm.openai.FunctionToolCall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts of an answer in Anthropic's words. */
final class MessageJson {
    private MessageJson() {}

    /**
     * A message.
     *
     * @param id of the chat completion
     * @param reason why it ended, null while it has not
     * @param stop the text that ended it, or null
     */
    static Map<String, Object> message(
            String id, String model, List<?> content, String reason, String stop, Map<String, Object> usage) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("id", id.replaceFirst("^chatcmpl-", "msg_"));
        message.put("type", "message");
        message.put("role", "assistant");
        message.put("model", model);
        message.put("content", content);
        message.put("stop_reason", reason);
        message.put("stop_sequence", stop);
        message.put("usage", usage);
        return message;
    }

    static Map<String, Object> text(String text) {
        Map<String, Object> block = new LinkedHashMap<>();
        block.put("type", "text");
        block.put("text", text);
        return block;
    }

    /** A call of a tool. */
    static Map<String, Object> toolUse(FunctionToolCall call, JsonNode input) {
        Map<String, Object> block = new LinkedHashMap<>();
        block.put("type", "tool_use");
        block.put("id", call.id());
        block.put("name", call.function().name());
        block.put("input", input);
        return block;
    }

    /** Tokens that were computed for an earlier request count apart. */
    static Map<String, Object> usage(CompletionUsage usage) {
        int cached = usage.promptTokensDetails() == null
                ? 0
                : usage.promptTokensDetails().cachedTokens();
        return usage(usage.promptTokens() - cached, cached, usage.completionTokens());
    }

    static Map<String, Object> usage(int input, int cached, int output) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("input_tokens", input);
        told.put("cache_creation_input_tokens", 0);
        told.put("cache_read_input_tokens", cached);
        told.put("output_tokens", output);
        return told;
    }

    /** @param stop the text that ended the answer, or null */
    static String reason(String finishReason, String stop) {
        return switch (finishReason) {
            case "tool_calls" -> "tool_use";
            case "length" -> "max_tokens";
            default -> stop == null ? "end_turn" : "stop_sequence";
        };
    }
}
