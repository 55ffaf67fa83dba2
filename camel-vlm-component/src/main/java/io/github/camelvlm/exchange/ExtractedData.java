package io.github.camelvlm.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Echo;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.UnusableAnswerException;
import org.apache.camel.CamelContext;

/** Makes data of answers that are JSON, by the Jackson of the Camel context's registry if it has one. */
public final class ExtractedData {
    private final ObjectMapper json;

    /** @param context whose registry may hold an {@link ObjectMapper}; of several none is taken */
    public ExtractedData(CamelContext context) {
        ObjectMapper own = context.getRegistry().findSingleByType(ObjectMapper.class);
        json = own != null ? own : JsonMapper.builder().findAndAddModules().build();
    }

    /**
     * The data of an answer: an instance of the form's class, without one a {@code Map}, or a {@code List} where the
     * schema describes an array.
     *
     * @param maxTokens the most tokens that it could have, or null
     * @throws UnusableAnswerException if it was cut, or is not what the form says
     */
    public Object of(Completion answer, AnswerForm form, Integer maxTokens) {
        if (answer.finishReason() != FinishReason.STOP) {
            throw new UnusableAnswerException(cut(answer.finishReason(), maxTokens));
        }
        Class<?> type = form.type() == null ? Object.class : form.type();
        try {
            return json.readValue(answer.text(), type);
        } catch (JsonProcessingException e) {
            throw new UnusableAnswerException(
                    form.type() == null
                            ? "The answer is no JSON, but \"" + Echo.of(answer.text())
                                    + "\": the server that gave it does not hold its answers to a schema"
                            : "The answer cannot be made an instance of " + type.getName() + ": "
                                    + Echo.of(e.getOriginalMessage()),
                    e);
        }
    }

    private static String cut(FinishReason reason, Integer maxTokens) {
        return switch (reason) {
            case LENGTH ->
                "The answer was cut before its JSON was whole, by maxTokens"
                        + (maxTokens == null ? "" : ", which is " + maxTokens)
                        + ", or by the end of the context: raise it,"
                        + " or ask for less";
            case TIME_LIMIT -> "The answer was cut before its JSON was whole, by timeLimit: raise it, or ask for less";
            case REPETITION ->
                "The answer was cut before its JSON was whole, since it repeats itself: ask for less, raise"
                        + " repetitionPenalty, or set repetitionGuard to off where the data does repeat itself";
            default -> "The answer ended before its JSON was whole: " + reason.wireName();
        };
    }
}
