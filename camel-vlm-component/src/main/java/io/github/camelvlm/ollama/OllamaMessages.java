package io.github.camelvlm.ollama;

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

/** Reads turns of a conversation as Ollama writes them: a text, and pictures beside it. */
final class OllamaMessages {
    private OllamaMessages() {}

    static void turn(JsonValue message, Turns turns) {
        JsonValue role = message.requireObject().get("role");
        if (!List.of("system", "user", "assistant", "tool").contains(role.requireString())) {
            throw new InvalidRequestException(
                    role.path(),
                    "must be system, user, assistant or tool, but is \"" + JsonValue.clip(role.requireString()) + "\"");
        }
        List<FunctionToolCall> calls = message.get("tool_calls").isAbsent()
                ? List.of()
                : message.get("tool_calls").list().stream()
                        .map(OllamaMessages::call)
                        .toList();
        turns.add(
                role.requireString(),
                message.path(),
                parts(message.get("content"), message.get("images")),
                calls,
                message.get("tool_call_id").string());
    }

    /** The turns of a prompt without a conversation. */
    static void prompt(JsonValue body, Turns turns) {
        String system = body.get("system").string();
        if (system != null && !system.isEmpty()) {
            turns.add("system", "system", List.of(new Placed(new TextContent(system), "system")));
        }
        JsonValue prompt = body.get("prompt");
        if (prompt.requireString().isEmpty() && body.get("images").isAbsent()) {
            throw new InvalidRequestException(
                    prompt.path(), "is empty: send a question (the model is loaded, and stays so)");
        }
        turns.add("user", "prompt", parts(prompt, body.get("images")));
    }

    /** Pictures come first, as the models were taught. */
    private static List<Placed> parts(JsonValue text, JsonValue images) {
        List<Placed> parts = new ArrayList<>();
        if (!images.isAbsent()) {
            for (JsonValue image : images.list()) {
                parts.add(new Placed(image(image), image.path()));
            }
        }
        String words = text.string();
        if (words != null && !words.isEmpty()) {
            parts.add(new Placed(new TextContent(words), text.path()));
        }
        return parts;
    }

    /** In base64, as Ollama has it: an address would be fetched, which its clients do not expect. */
    private static ImageContent image(JsonValue image) {
        String data = image.requireString();
        String base64 = data.startsWith("data:") ? data.substring(data.indexOf(',') + 1) : data;
        // What it is shows when its bytes are looked at.
        return new ImageContent(new ImageContent.ImageUrl("data:image/png;base64," + base64, null), null, null);
    }

    private static FunctionToolCall call(JsonValue call) {
        JsonValue function = call.requireObject().get("function").requireObject();
        JsonValue arguments = function.get("arguments");
        return new FunctionToolCall(
                null,
                call.get("id").string(),
                "function",
                new FunctionToolCall.Function(
                        function.get("name").requireString(),
                        arguments.isAbsent() ? "" : Json.write(arguments.requireFiniteObject())));
    }
}
