package io.github.camelvlm.chat;

/** The request is at fault: the same one will fail again. */
public class InvalidRequestException extends VlmException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String problem;
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
        this.problem = problem;
        this.code = code;
    }

    /**
     * The same of a field that is part of something else.
     *
     * @param place what it is part of, as OpenAI's format writes it, such as {@code messages[0].content[1]}
     */
    public InvalidRequestException within(String place) {
        InvalidRequestException located = new InvalidRequestException(place + "." + field, problem, code);
        located.initCause(this);
        return located;
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
