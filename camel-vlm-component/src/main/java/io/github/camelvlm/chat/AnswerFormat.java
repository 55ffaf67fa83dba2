package io.github.camelvlm.chat;

import java.util.List;
import java.util.Objects;

/** The form that an answer must have: no token is chosen that would lead out of it. */
public sealed interface AnswerFormat {

    /** What the request or the route calls it, such as {@code response_format.json_schema.schema}; refusals name it. */
    String field();

    /**
     * JSON.
     *
     * @param schema the JSON Schema that describes it, as JSON
     */
    record Json(String field, String schema) implements AnswerFormat {
        public Json {
            Objects.requireNonNull(field, "field");
            Objects.requireNonNull(schema, "schema");
        }
    }

    /**
     * A text that matches as a whole.
     *
     * @param pattern a regular expression as Python's {@code re} reads it
     */
    record Regex(String field, String pattern) implements AnswerFormat {
        public Regex {
            Objects.requireNonNull(field, "field");
            Objects.requireNonNull(pattern, "pattern");
        }
    }

    /**
     * One of several texts.
     *
     * @param texts the texts, at least one
     */
    record Choice(String field, List<String> texts) implements AnswerFormat {
        /** @throws InvalidRequestException if there are none, or one is empty */
        public Choice {
            Objects.requireNonNull(field, "field");
            texts = List.copyOf(texts);
            if (texts.isEmpty()) {
                throw new InvalidRequestException(field, "must hold at least one text to choose");
            }
            if (texts.stream().anyMatch(String::isEmpty)) {
                throw new InvalidRequestException(field, "must not hold an empty text");
            }
        }
    }
}
