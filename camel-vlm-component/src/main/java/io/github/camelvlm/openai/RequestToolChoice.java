package io.github.camelvlm.openai;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ToolChoice;
import java.util.Map;

/**
 * Whether the model shall call tools.
 *
 * @param mode {@code none}, {@code auto}, {@code required}, or null where a function is named
 * @param function the name of the function that it must call, or null
 */
public record RequestToolChoice(String mode, String function) {

    static RequestToolChoice read(JsonValue choice) {
        if (choice.isAbsent()) {
            return null;
        }
        if (choice.isString()) {
            return new RequestToolChoice(choice.requireString(), null);
        }
        return new RequestToolChoice(
                null, choice.requireObject().get("function").get("name").requireString());
    }

    /** The choice as JSON writes it: a word, or an object that names the function. */
    @com.fasterxml.jackson.annotation.JsonValue
    Object json() {
        return function == null
                ? mode
                : Map.of("type", FunctionToolCall.TYPE, FunctionToolCall.TYPE, Map.of("name", function));
    }

    ToolChoice toToolChoice() {
        if (function != null) {
            return ToolChoice.named(function);
        }
        return switch (mode) {
            case "none" -> ToolChoice.NONE;
            case "auto" -> ToolChoice.AUTO;
            case "required" -> ToolChoice.REQUIRED;
            default ->
                throw new InvalidRequestException(
                        "tool_choice",
                        "must be none, auto, required or name a function, but is \"" + JsonValue.clip(mode) + "\"");
        };
    }
}
