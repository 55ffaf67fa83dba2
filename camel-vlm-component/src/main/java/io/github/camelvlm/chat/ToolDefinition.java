package io.github.camelvlm.chat;

import java.util.regex.Pattern;

/**
 * A tool that the model may ask for.
 *
 * @param name its name
 * @param json the whole definition as the model reads it, on one line: an object with {@code type} and {@code function}
 */
public record ToolDefinition(String name, String json) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:/-]{1,128}");

    /** @throws InvalidRequestException if the name has other characters than names of functions have */
    public ToolDefinition {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidRequestException(
                    "tools", "must have names of 1 to 128 letters, digits and _ . : / -, but one has another");
        }
    }
}
