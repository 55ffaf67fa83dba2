package io.github.camelvlm.responses;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.openai.ContentPart;
import io.github.camelvlm.openai.FunctionToolCall;
import io.github.camelvlm.openai.JsonValue;
import io.github.camelvlm.openai.RequestMessage;
import io.github.camelvlm.openai.RequestMessageReader;
import io.github.camelvlm.openai.TextContent;
import java.util.ArrayList;
import java.util.List;

/** Makes turns of a conversation of the items of {@code input}: calls of tools belong to the turn that is before them. */
final class InputItems {
    private final List<RequestMessage> turns = new ArrayList<>();
    private final List<String> paths = new ArrayList<>();

    private InputItems(List<RequestMessage> before) {
        for (RequestMessage turn : before) {
            add(turn, null);
        }
    }

    /**
     * Reads a text or a list of items.
     *
     * @param before the turns that they follow
     * @throws InvalidRequestException if it is neither, or has what is not served
     */
    static InputItems read(JsonValue input, List<RequestMessage> before) {
        InputItems items = new InputItems(before);
        if (input.isString()) {
            items.add(RequestMessage.of("user", input.requireString()), input.path());
        } else if (input.isList()) {
            input.list().forEach(items::item);
        } else {
            throw input.mustBe("a string or a list of items");
        }
        return items;
    }

    /** The turns, those before included. */
    List<RequestMessage> turns() {
        return turns;
    }

    /** Where each turn stands in the request; null for those before. */
    List<String> paths() {
        return paths;
    }

    private void add(RequestMessage turn, String path) {
        turns.add(turn);
        paths.add(path);
    }

    private void item(JsonValue item) {
        JsonValue type = item.requireObject().get("type");
        String kind = type.isAbsent() ? "message" : type.requireString();
        switch (kind) {
            case "message" -> add(RequestMessageReader.read(item), item.path());
            case "function_call" -> call(item);
            case "function_call_output" -> result(item);
            case "reasoning" -> {
                // Models served here are told what was said, not what was thought.
            }
            case "item_reference" ->
                throw new InvalidRequestException(
                        type.path(),
                        "is item_reference, which is not served here: send the item, or previous_response_id",
                        "unsupported_value");
            default ->
                throw new InvalidRequestException(
                        type.path(),
                        "must be message, function_call or function_call_output, but is \"" + JsonValue.clip(kind)
                                + "\"",
                        "unsupported_value");
        }
    }

    private void call(JsonValue item) {
        FunctionToolCall call = new FunctionToolCall(
                null,
                item.get("call_id").requireString(),
                "function",
                new FunctionToolCall.Function(
                        item.get("name").requireString(), item.get("arguments").requireString()));
        int last = turns.size() - 1;
        if (last < 0 || !turns.get(last).role().equals("assistant")) {
            add(new RequestMessage("assistant", List.of(), List.of(call), null), item.path());
            return;
        }
        RequestMessage before = turns.get(last);
        List<FunctionToolCall> calls = new ArrayList<>(before.toolCalls());
        calls.add(call);
        turns.set(last, new RequestMessage(before.role(), before.parts(), calls, before.toolCallId()));
    }

    private void result(JsonValue item) {
        String id = item.get("call_id").requireString();
        JsonValue output = item.get("output");
        List<ContentPart> parts = new ArrayList<>();
        if (output.isString()) {
            parts.add(new TextContent(output.requireString()));
        } else if (output.isList()) {
            output.list().forEach(part -> parts.add(RequestMessageReader.part(part)));
        } else {
            throw output.mustBe("a string or a list of parts");
        }
        add(new RequestMessage("tool", parts, List.of(), id), item.path());
    }
}
