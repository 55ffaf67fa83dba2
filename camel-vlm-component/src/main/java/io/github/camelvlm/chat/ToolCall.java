package io.github.camelvlm.chat;

import java.util.Objects;

/**
 * The model's wish to have a tool run.
 *
 * @param id names the call, so that its result can be told from others
 * @param name the name of the tool
 * @param arguments what it is given: a JSON object as text; of an earlier turn perhaps another JSON value
 */
public record ToolCall(String id, String name, String arguments) {
    public ToolCall {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(arguments, "arguments");
    }
}
