package io.github.camelvlm.chat;

/**
 * Whether the model asks for tools.
 *
 * @param mode what it may do
 * @param name the tool that it must ask for, if the mode is {@link Mode#NAMED}; otherwise null
 */
public record ToolChoice(Mode mode, String name) {

    /** What the model may do. */
    public enum Mode {
        /** It is not told of the tools. */
        NONE,
        /** It asks for tools or answers, as it sees fit. */
        AUTO,
        /** It is made to ask for a tool of its choice. */
        REQUIRED,
        /** It is made to ask for a certain tool. */
        NAMED
    }

    public static final ToolChoice NONE = new ToolChoice(Mode.NONE, null);
    public static final ToolChoice AUTO = new ToolChoice(Mode.AUTO, null);
    public static final ToolChoice REQUIRED = new ToolChoice(Mode.REQUIRED, null);

    /** The choice of one tool. */
    public static ToolChoice named(String name) {
        return new ToolChoice(Mode.NAMED, name);
    }
}
