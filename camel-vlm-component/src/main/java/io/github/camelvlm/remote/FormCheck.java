package io.github.camelvlm.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.SamplingOptions;

/** Finds out servers that pass over the form that answers must have, as some do with fields that they do not know. */
final class FormCheck {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private FormCheck() {}

    /**
     * Whether an answer shows that its form was passed over: it is none of the choices, or no JSON. Whether it matches a
     * regular expression as Python's {@code re} has it cannot be told here.
     */
    static boolean isPassedOver(SamplingOptions asked, Completion answer) {
        boolean hasItsOwnEnd = answer.finishReason() == FinishReason.STOP
                && (asked.stop() == null || asked.stop().isEmpty())
                && asked.stopTokenIds() == null;
        if (!hasItsOwnEnd) {
            return false;
        }
        if (asked.format() instanceof AnswerFormat.Choice choice) {
            return !choice.texts().contains(answer.text());
        }
        return asked.format() instanceof AnswerFormat.Json && !isJson(answer.text());
    }

    private static boolean isJson(String text) {
        try {
            return !JSON.readTree(text).isMissingNode();
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
