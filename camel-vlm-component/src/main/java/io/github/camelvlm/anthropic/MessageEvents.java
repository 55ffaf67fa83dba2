package io.github.camelvlm.anthropic;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.camelvlm.dialect.AnswerStream;
import io.github.camelvlm.openai.ChatCompletionChunk;
import io.github.camelvlm.openai.FunctionToolCall;
import io.github.camelvlm.openai.Json;
import io.github.camelvlm.openai.OpenAiError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A message as events: its blocks one after the other, each begun, written and ended. */
final class MessageEvents implements AnswerStream {
    private static final String PING = event(Map.of("type", "ping"));

    private final StopTail tail;
    private boolean begun;
    /** The block that is written; -1 before the first. */
    private int block = -1;

    private boolean isTextOpen;
    private boolean isToolOpen;
    private String finishReason = "stop";

    MessageEvents(List<String> stops) {
        tail = new StopTail(stops);
    }

    @Override
    public String keepAlive() {
        return PING;
    }

    @Override
    public String piece(ChatCompletionChunk chunk) {
        StringBuilder events = new StringBuilder();
        if (!begun) {
            begun = true;
            events.append(start(chunk)).append(PING);
        }
        chunk.choices().forEach(choice -> add(choice, events));
        if (chunk.usage() != null) {
            Map<String, Object> delta = new LinkedHashMap<>();
            delta.put("stop_reason", MessageJson.reason(finishReason, tail.stop()));
            delta.put("stop_sequence", tail.stop());
            events.append(event(fields("message_delta", "delta", delta, "usage", MessageJson.usage(chunk.usage()))));
        }
        return events.toString();
    }

    /** Where a server elsewhere answers, the tokens of the prompt are known at the end only. */
    private static String start(ChatCompletionChunk chunk) {
        return event(fields(
                "message_start",
                "message",
                MessageJson.message(
                        chunk.id(),
                        chunk.model(),
                        List.of(),
                        null,
                        null,
                        chunk.promptUsage() == null
                                ? MessageJson.usage(0, 0, 0)
                                : MessageJson.usage(chunk.promptUsage()))));
    }

    private void add(ChatCompletionChunk.Choice choice, StringBuilder events) {
        if (choice.delta().content() != null) {
            text(tail.append(choice.delta().content()), events);
        }
        if (choice.delta().toolCalls() != null) {
            choice.delta().toolCalls().forEach(call -> tool(call, events));
        }
        if (choice.finishReason() != null) {
            finishReason = choice.finishReason();
            text(tail.rest(), events);
            close(events);
        }
    }

    private void text(String text, StringBuilder events) {
        if (text.isEmpty()) {
            return;
        }
        if (!isTextOpen) {
            open(MessageJson.text(""), events);
            isTextOpen = true;
        }
        delta(fields("text_delta", "text", text), events);
    }

    private void tool(FunctionToolCall call, StringBuilder events) {
        if (call.id() != null) {
            // What was kept back of the text before can be no end of it any more.
            text(tail.flush(), events);
            open(MessageJson.toolUse(call, JsonNodeFactory.instance.objectNode()), events);
            isToolOpen = true;
        }
        if (!call.function().arguments().isEmpty()) {
            delta(fields("input_json_delta", "partial_json", call.function().arguments()), events);
        }
    }

    private void open(Map<String, Object> content, StringBuilder events) {
        close(events);
        block++;
        events.append(event(fields("content_block_start", "index", block, "content_block", content)));
    }

    private void delta(Map<String, Object> delta, StringBuilder events) {
        events.append(event(fields("content_block_delta", "index", block, "delta", delta)));
    }

    private void close(StringBuilder events) {
        if (isTextOpen || isToolOpen) {
            events.append(event(fields("content_block_stop", "index", block)));
        }
        isTextOpen = false;
        isToolOpen = false;
    }

    @Override
    public String end() {
        return event(Map.of("type", "message_stop"));
    }

    @Override
    public String failure(OpenAiError error) {
        return AnswerStream.event("error", ErrorJson.of(error));
    }

    /** @param namesAndValues of further fields, in turn */
    private static Map<String, Object> fields(String type, Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", type);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }

    private static String event(Map<String, Object> fields) {
        return AnswerStream.event((String) fields.get("type"), Json.write(fields));
    }
}
