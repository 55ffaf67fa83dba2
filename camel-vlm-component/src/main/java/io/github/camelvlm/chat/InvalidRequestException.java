package io.github.camelvlm.chat;

/** The request is at fault: the same one will fail again. */
public class InvalidRequestException extends VlmException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field the field at fault, as OpenAI's format writes it, such as {@code top_p}
     * @param problem what is wrong with it, continuing "top_p …"
     */
    public InvalidRequestException(String field, String problem) {
        super(field + " " + problem);
        this.field = field;
    }

    /** The field at fault, as OpenAI's format writes it. */
    public String field() {
        return field;
    }
}
