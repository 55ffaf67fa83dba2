package io.github.camelvlm.responses;

import io.github.camelvlm.dialect.AnswerStream;
import io.github.camelvlm.openai.ChatCompletionChunk;
import io.github.camelvlm.openai.ChoiceLogprobs;
import io.github.camelvlm.openai.CompletionUsage;
import io.github.camelvlm.openai.FunctionToolCall;
import io.github.camelvlm.openai.Json;
import io.github.camelvlm.openai.OpenAiError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The events of a response in pieces. Items follow each other: one is closed before the next begins. */
final class ResponseEvents implements AnswerStream {
    private final ResponseRequest asked;
    private final ResponseStore store;
    private final StringBuilder written = new StringBuilder();
    private int events;
    private ResponseObject response;
    private String finishReason;
    private CompletionUsage usage;

    /** The item that is open, if there is one: what it says so far. */
    private String itemId;

    private boolean isText;
    private final StringBuilder text = new StringBuilder();
    private final List<ChoiceLogprobs.Token> logprobs = new ArrayList<>();
    private String callId;
    private String name;

    ResponseEvents(ResponseRequest asked, ResponseStore store) {
        this.asked = asked;
        this.store = store;
    }

    @Override
    public String piece(ChatCompletionChunk chunk) {
        if (response == null) {
            response = new ResponseObject(asked, chunk.model(), chunk.created());
            tell("response.created", Map.of("response", response.json()));
            tell("response.in_progress", Map.of("response", response.json()));
        }
        if (chunk.usage() != null) {
            usage = chunk.usage();
        }
        chunk.choices().forEach(this::tell);
        return taken();
    }

    private void tell(ChatCompletionChunk.Choice choice) {
        String content = choice.delta().content();
        List<ChoiceLogprobs.Token> tokens =
                choice.logprobs() == null ? List.of() : choice.logprobs().content();
        if (content != null && !content.isEmpty()) {
            openText();
            text.append(content);
            logprobs.addAll(tokens);
            tell("response.output_text.delta", inText("delta", content, "logprobs", tokens));
        } else if (itemId != null && isText) {
            logprobs.addAll(tokens);
        }
        if (choice.delta().toolCalls() != null) {
            choice.delta().toolCalls().forEach(this::tell);
        }
        if (choice.finishReason() != null) {
            finishReason = choice.vlmFinishReason() != null ? choice.vlmFinishReason() : choice.finishReason();
        }
    }

    private void tell(FunctionToolCall call) {
        if (call.id() != null) {
            close();
            itemId = OutputItem.id("fc_");
            isText = false;
            callId = call.id();
            name = call.function().name();
            tell(
                    "response.output_item.added",
                    inOutput("item", new OutputItem.Call(callId, name, "").json(itemId, "in_progress")));
        }
        String arguments = call.function().arguments();
        if (arguments != null && !arguments.isEmpty()) {
            text.append(arguments);
            tell("response.function_call_arguments.delta", inItem("delta", arguments));
        }
    }

    private void openText() {
        if (itemId != null && isText) {
            return;
        }
        close();
        itemId = OutputItem.id("msg_");
        isText = true;
        tell("response.output_item.added", inOutput("item", OutputItem.Text.json(itemId, "in_progress", List.of())));
        tell("response.content_part.added", inText("part", new OutputItem.Text("", List.of()).part()));
    }

    private void close() {
        if (itemId == null) {
            return;
        }
        OutputItem item;
        if (isText) {
            OutputItem.Text said = new OutputItem.Text(text.toString(), List.copyOf(logprobs));
            tell("response.output_text.done", inText("text", said.text(), "logprobs", said.logprobs()));
            tell("response.content_part.done", inText("part", said.part()));
            item = said;
        } else {
            item = new OutputItem.Call(callId, name, text.toString());
            tell("response.function_call_arguments.done", inItem("name", name, "arguments", text.toString()));
        }
        boolean isCut = finishReason != null && !finishReason.equals("stop") && !finishReason.equals("tool_calls");
        tell("response.output_item.done", inOutput("item", item.json(itemId, isCut ? "incomplete" : "completed")));
        response.add(item, itemId);
        itemId = null;
        text.setLength(0);
        logprobs.clear();
    }

    @Override
    public String end() {
        if (finishReason == null) {
            // The client has left.
            return "";
        }
        if (itemId == null && response.size() == 0) {
            openText();
        }
        close();
        response.end(finishReason, usage);
        response.keep(store);
        tell("response." + response.status(), Map.of("response", response.json()));
        return taken();
    }

    @Override
    public String failure(OpenAiError error) {
        if (response == null) {
            tell(
                    "error",
                    Map.of("code", "server_error", "message", error.error().message()));
            return taken();
        }
        response.fail(error.error().message());
        tell("response.failed", Map.of("response", response.json()));
        return taken();
    }

    private Map<String, Object> inOutput(Object... fields) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("output_index", response.size());
        for (int i = 0; i < fields.length; i += 2) {
            event.put((String) fields[i], fields[i + 1]);
        }
        return event;
    }

    private Map<String, Object> inItem(Object... fields) {
        Map<String, Object> event = inOutput(fields);
        event.put("item_id", itemId);
        return event;
    }

    private Map<String, Object> inText(Object... fields) {
        Map<String, Object> event = inItem(fields);
        event.put("content_index", 0);
        return event;
    }

    private void tell(String type, Map<String, ?> fields) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("type", type);
        event.put("sequence_number", events++);
        event.putAll(fields);
        written.append(AnswerStream.event(type, Json.write(event)));
    }

    private String taken() {
        String taken = written.toString();
        written.setLength(0);
        return taken;
    }
}
