package io.github.camelvlm.chat;

import java.util.List;

/**
 * The tools of a request.
 *
 * @param definitions what each is
 * @param choice whether the model asks for them
 * @param areParallel whether one answer may ask for several; otherwise it ends with its first call
 */
public record Tools(List<ToolDefinition> definitions, ToolChoice choice, boolean areParallel) {

    /** No tools. */
    public static final Tools NONE = new Tools(List.of(), ToolChoice.AUTO);

    /** @throws InvalidRequestException if the choice demands a tool that there is not */
    public Tools {
        definitions = List.copyOf(definitions);
        if (isDemand(choice) && definitions.isEmpty()) {
            throw new InvalidRequestException("tool_choice", "demands a tool, but the request has no tools");
        }
        String name = choice.name();
        if (name != null && definitions.stream().noneMatch(tool -> tool.name().equals(name))) {
            throw new InvalidRequestException("tool_choice", "names a function that tools does not have");
        }
    }

    /**
     * Tools of which one answer may ask for several.
     *
     * @throws InvalidRequestException if the choice demands a tool that there is not
     */
    public Tools(List<ToolDefinition> definitions, ToolChoice choice) {
        this(definitions, choice, true);
    }

    private static boolean isDemand(ToolChoice choice) {
        return choice.mode() == ToolChoice.Mode.REQUIRED || choice.mode() == ToolChoice.Mode.NAMED;
    }

    /** Whether the answer must call one. */
    public boolean areDemanded() {
        return isDemand(choice);
    }

    /** Whether the model is told of any. */
    public boolean areOffered() {
        return !definitions.isEmpty() && choice.mode() != ToolChoice.Mode.NONE;
    }
}
