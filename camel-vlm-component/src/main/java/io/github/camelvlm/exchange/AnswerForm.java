package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.AnswerFormat;
import java.util.Objects;

/**
 * The form that the answer to a message must have.
 *
 * @param format which texts it may be
 * @param type the class of which an instance is made of it, where that asked for the form; otherwise null
 */
public record AnswerForm(AnswerFormat format, Class<?> type) {
    public AnswerForm {
        Objects.requireNonNull(format, "format");
    }
}
