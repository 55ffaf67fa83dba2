package io.github.camelvlm.responses;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.dialect.Turns;
import io.github.camelvlm.dialect.Turns.Placed;
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
    private InputItems() {}

    /**
     * Reads a text or a list of items.
     *
     * @param turns those that they follow, to which they are added
     * @throws InvalidRequestException if it is neither, or has what is not served
     */
    static void read(JsonValue input, Turns turns) {
        if (input.isString()) {
            turns.add("user", input.path(), placed(List.of(new TextContent(input.requireString())), input));
        } else if (input.isList()) {
            input.list().forEach(item -> item(item, turns));
        } else {
            throw input.mustBe("a string or a list of items");
        }
    }

    private static void item(JsonValue item, Turns turns) {
        JsonValue type = item.requireObject().get("type");
        String kind = type.isAbsent() ? "message" : type.requireString();
        switch (kind) {
            case "message" -> message(item, turns);
            case "function_call" -> call(item, turns);
            case "function_call_output" -> result(item, turns);
            case "reasoning" -> {
                // Models served here are told what was said, not what was thought.
            }
            case "item_reference" ->
                throw type.unserved(
                        "is item_reference, which is not served here: send the item, or previous_response_id");
            default ->
                throw type.unserved("must be message, function_call or function_call_output, but is \""
                        + JsonValue.clip(kind) + "\"");
        }
    }

    private static void message(JsonValue item, Turns turns) {
        RequestMessage message = RequestMessageReader.read(item);
        turns.add(
                message.role(),
                item.path(),
                placed(message.parts(), item.get("content")),
                message.toolCalls(),
                message.toolCallId());
    }

    private static void call(JsonValue item, Turns turns) {
        turns.addCall(
                new FunctionToolCall(
                        null,
                        item.get("call_id").requireString(),
                        "function",
                        new FunctionToolCall.Function(
                                item.get("name").requireString(),
                                item.get("arguments").requireString())),
                item.path());
    }

    private static void result(JsonValue item, Turns turns) {
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
        turns.add("tool", item.path(), placed(parts, output), List.of(), id);
    }

    /** @param written each part in its order, where it is a list */
    private static List<Placed> placed(List<ContentPart> parts, JsonValue written) {
        List<Placed> placed = new ArrayList<>();
        for (ContentPart part : parts) {
            placed.add(
                    new Placed(part, written.isList() ? written.path() + "[" + placed.size() + "]" : written.path()));
        }
        return placed;
    }
}
