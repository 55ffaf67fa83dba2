package io.github.camelvlm.responses;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.dialect.JsonAnswer;
import io.github.camelvlm.openai.CompletionUsage;
import io.github.camelvlm.openai.ContentPart;
import io.github.camelvlm.openai.FunctionToolCall;
import io.github.camelvlm.openai.RequestMessage;
import io.github.camelvlm.openai.TextContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A response while it is made: what it says of the request, and what has been answered so far. */
final class ResponseObject {
    private static final String CUT = "max_output_tokens";

    private final ResponseRequest asked;
    private final String id = OutputItem.id("resp_");
    private final String model;
    private final long created;
    private final List<OutputItem> items = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private String status = "in_progress";
    private Object incomplete;
    private Object error;
    private CompletionUsage usage;

    /** @param created when it was asked for, in seconds since 1970 */
    ResponseObject(ResponseRequest asked, String model, long created) {
        this.asked = asked;
        this.model = model;
        this.created = created;
    }

    /** The place of the next item. */
    int size() {
        return items.size();
    }

    void add(OutputItem item) {
        add(item, OutputItem.id(item.prefix()));
    }

    void add(OutputItem item, String itemId) {
        items.add(item);
        ids.add(itemId);
    }

    /**
     * Notes that the answer is over. Clients may know no other reasons of one that was cut than OpenAI's, so the true one
     * stands beside it where it is another.
     */
    void end(String finishReason, CompletionUsage cost) {
        boolean isWhole = finishReason.equals("stop") || finishReason.equals("tool_calls");
        status = isWhole ? "completed" : "incomplete";
        incomplete = isWhole
                ? null
                : finishReason.equals("length")
                        ? Map.of("reason", CUT)
                        : Map.of("reason", CUT, "vlm_finish_reason", finishReason);
        usage = cost;
    }

    void fail(String message) {
        status = "failed";
        error = Map.of("code", "server_error", "message", message);
    }

    String status() {
        return status;
    }

    void keep(ResponseStore store) {
        if (!asked.isKept()) {
            return;
        }
        List<ContentPart> said = new ArrayList<>();
        List<FunctionToolCall> calls = new ArrayList<>();
        for (OutputItem item : items) {
            if (item instanceof OutputItem.Text text) {
                said.add(new TextContent(text.text()));
            } else if (item instanceof OutputItem.Call call) {
                calls.add(new FunctionToolCall(
                        null, call.callId(), "function", new FunctionToolCall.Function(call.name(), call.arguments())));
            }
        }
        List<RequestMessage> turns = new ArrayList<>(asked.inherited());
        turns.add(new RequestMessage("assistant", said, calls, null));
        store.keep(id, new ResponseStore.Kept(asked.owner(), turns, json().toJson()));
    }

    JsonAnswer json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("object", "response");
        json.put("created_at", created);
        json.put("status", status);
        json.put("error", error);
        json.put("incomplete_details", incomplete);
        json.put("instructions", told("instructions", null));
        json.put("max_output_tokens", told("max_output_tokens", null));
        json.put("model", model);
        json.put("output", output());
        json.put("parallel_tool_calls", told("parallel_tool_calls", true));
        json.put("previous_response_id", told("previous_response_id", null));
        json.put("store", asked.isKept());
        json.put("temperature", told("temperature", null));
        json.put("text", told("text", Map.of("format", Map.of("type", "text"))));
        json.put("tool_choice", told("tool_choice", "auto"));
        json.put("tools", told("tools", List.of()));
        json.put("top_p", told("top_p", null));
        json.put("truncation", "disabled");
        json.put("usage", usage == null ? null : usage());
        json.put("user", told("user", null));
        json.put("metadata", told("metadata", Map.of()));
        return new JsonAnswer(json);
    }

    private List<Map<String, Object>> output() {
        List<Map<String, Object>> output = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            boolean isCut = status.equals("incomplete") && i == items.size() - 1;
            output.add(items.get(i).json(ids.get(i), isCut ? "incomplete" : "completed"));
        }
        return output;
    }

    private Object told(String field, Object otherwise) {
        JsonNode value = asked.body().path(field);
        return value.isMissingNode() || value.isNull() ? otherwise : value;
    }

    private Map<String, Object> usage() {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("input_tokens", usage.promptTokens());
        told.put(
                "input_tokens_details",
                Map.of("cached_tokens", usage.promptTokensDetails().cachedTokens()));
        told.put("output_tokens", usage.completionTokens());
        told.put("output_tokens_details", Map.of("reasoning_tokens", 0));
        told.put("total_tokens", usage.totalTokens());
        return told;
    }
}
