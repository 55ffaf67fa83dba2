package io.github.camelvlm.anthropic;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.dialect.Turns;
import io.github.camelvlm.dialect.Turns.Placed;
import io.github.camelvlm.openai.FunctionToolCall;
import io.github.camelvlm.openai.ImageContent;
import io.github.camelvlm.openai.Json;
import io.github.camelvlm.openai.JsonValue;
import io.github.camelvlm.openai.TextContent;
import java.util.ArrayList;
import java.util.List;

/** Reads the blocks of which messages are made. */
final class MessageBlocks {
    private MessageBlocks() {}

    /** The text before the conversation, if there is one. */
    static void system(JsonValue system, Turns turns) {
        if (!system.isAbsent()) {
            List<Placed> parts = parts(system);
            if (!parts.isEmpty()) {
                turns.add("system", system.path(), parts);
            }
        }
    }

    /** Adds a message: the results of tools become turns of their own. */
    static void turn(JsonValue message, Turns turns) {
        JsonValue role = message.requireObject().get("role");
        JsonValue content = message.get("content");
        switch (role.requireString()) {
            case "user" -> user(message, content, turns);
            case "assistant" -> assistant(message, content, turns);
            case "system" -> turns.add("system", message.path(), parts(content));
            default ->
                throw new InvalidRequestException(
                        role.path(),
                        "must be user or assistant, but is \"" + JsonValue.clip(role.requireString()) + "\"");
        }
    }

    private static void user(JsonValue message, JsonValue content, Turns turns) {
        List<Placed> parts = new ArrayList<>();
        for (JsonValue block : blocks(content)) {
            if (isOfType(block, "tool_result")) {
                if (!parts.isEmpty()) {
                    turns.add("user", message.path(), parts);
                    parts = new ArrayList<>();
                }
                turns.add(
                        "tool",
                        block.path(),
                        result(block),
                        List.of(),
                        block.get("tool_use_id").requireString());
            } else {
                parts.add(part(block));
            }
        }
        if (!parts.isEmpty() || content.isEmpty()) {
            turns.add("user", message.path(), parts);
        }
    }

    private static void assistant(JsonValue message, JsonValue content, Turns turns) {
        List<Placed> parts = new ArrayList<>();
        List<FunctionToolCall> calls = new ArrayList<>();
        for (JsonValue block : blocks(content)) {
            if (isOfType(block, "tool_use")) {
                calls.add(new FunctionToolCall(
                        null,
                        block.get("id").requireString(),
                        "function",
                        new FunctionToolCall.Function(
                                block.get("name").requireString(),
                                Json.write(block.get("input").requireFiniteObject()))));
            } else if (!isOfType(block, "thinking") && !isOfType(block, "redacted_thinking")) {
                // What another model thought is no part of the conversation.
                parts.add(part(block));
            }
        }
        turns.add("assistant", message.path(), parts, calls, null);
    }

    private static List<Placed> result(JsonValue block) {
        List<Placed> parts = new ArrayList<>();
        if (Boolean.TRUE.equals(block.get("is_error").bool())) {
            parts.add(
                    new Placed(new TextContent("Error: "), block.get("is_error").path()));
        }
        if (!block.get("content").isAbsent()) {
            parts.addAll(parts(block.get("content")));
        }
        return parts;
    }

    private static List<Placed> parts(JsonValue content) {
        return blocks(content).stream().map(MessageBlocks::part).toList();
    }

    /** A text is a block by itself. */
    private static List<JsonValue> blocks(JsonValue content) {
        if (content.isString()) {
            return List.of(content);
        }
        if (!content.isList()) {
            throw content.mustBe("a string or a list of blocks");
        }
        return content.list();
    }

    private static boolean isOfType(JsonValue block, String type) {
        return !block.isString()
                && type.equals(block.requireObject().get("type").requireString());
    }

    private static Placed part(JsonValue block) {
        if (block.isString()) {
            return new Placed(new TextContent(block.requireString()), block.path());
        }
        JsonValue type = block.requireObject().get("type");
        return switch (type.requireString()) {
            case "text" -> new Placed(new TextContent(block.get("text").requireString()), block.path());
            case "image" -> new Placed(image(block.get("source").requireObject()), block.path());
            case "document" ->
                throw type.unserved("is document, which this model does not take: send its pages as pictures (image)");
            default ->
                throw type.unserved("must be text, image, tool_use or tool_result, each where it belongs, but is \""
                        + JsonValue.clip(type.requireString()) + "\"");
        };
    }

    private static ImageContent image(JsonValue source) {
        JsonValue type = source.get("type");
        String url =
                switch (type.requireString()) {
                    case "base64" ->
                        "data:" + source.get("media_type").requireString() + ";base64,"
                                + source.get("data").requireString();
                    case "url" -> source.get("url").requireString();
                    case "file" ->
                        throw type.unserved("is file, but this server keeps none: send the picture as base64 or url");
                    default ->
                        throw type.unserved(
                                "must be base64 or url, but is \"" + JsonValue.clip(type.requireString()) + "\"");
                };
        return new ImageContent(new ImageContent.ImageUrl(url, null), null, null);
    }
}
