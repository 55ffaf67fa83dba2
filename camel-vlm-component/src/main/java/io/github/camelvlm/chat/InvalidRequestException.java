package io.github.camelvlm.chat;

/** The request is at fault: the same one will fail again. */
public class InvalidRequestException extends VlmException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String code;

    /**
     * @param field the field at fault, as OpenAI's format writes it, such as {@code top_p}
     * @param problem what is wrong with it, continuing "top_p …"
     */
    public InvalidRequestException(String field, String problem) {
        this(field, problem, null);
    }

    /**
     * @param field the field at fault, as OpenAI's format writes it, such as {@code top_p}
     * @param problem what is wrong with it, continuing "top_p …"
     * @param code the kind of problem for programs, as OpenAI's format writes it, such as {@code unsupported_value}; or
     *     null
     */
    public InvalidRequestException(String field, String problem, String code) {
        super(field + " " + problem);
        this.field = field;
        this.code = code;
    }

    /** The field at fault, as OpenAI's format writes it. */
    public String field() {
        return field;
    }

    /** The kind of problem, as OpenAI's format writes it, or null. */
    public String code() {
        return code;
    }
}
