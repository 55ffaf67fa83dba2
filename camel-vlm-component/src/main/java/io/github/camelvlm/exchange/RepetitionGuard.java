package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Echo;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.RepetitionBounds;
import io.github.camelvlm.chat.SamplingOptions;
import java.util.Locale;
import org.apache.camel.Message;

/** Says which answers are ended where they repeat themselves, as the option and the header of messages have it. */
final class RepetitionGuard {
    private enum Mode {
        /** Those about documents, whose readers know this fault best. */
        AUTO,
        ON,
        OFF
    }

    private final MessageOptions options;

    RepetitionGuard(MessageOptions options) {
        this.options = options;
    }

    /** @throws InvalidRequestException if the option has no such value */
    void requireValid() {
        mode(null);
    }

    /**
     * The request with what is to be done about an answer that repeats itself, unless it says that already.
     *
     * @param showsDocument whether it is about a document
     * @param message whose header comes before the option
     * @throws InvalidRequestException if the header has no such value
     */
    ChatRequest of(ChatRequest request, boolean showsDocument, Message message) {
        SamplingOptions asked = request.sampling();
        Mode mode = mode(message);
        if (asked.repetition() != null || mode == Mode.AUTO && !showsDocument) {
            return request;
        }
        boolean hasForm = asked.format() != null || request.tools().areDemanded();
        RepetitionBounds bounds =
                mode == Mode.OFF ? RepetitionBounds.OFF : hasForm ? RepetitionBounds.OF_FORM : RepetitionBounds.OF_TEXT;
        return request.withSampling(
                SamplingOptions.builder().repetition(bounds).build().orElse(asked));
    }

    private Mode mode(Message message) {
        String header = Headers.get(message, VlmHeaders.REPETITION_GUARD, String.class, null);
        String value = header == null ? options.getRepetitionGuard() : header;
        try {
            return Mode.valueOf(value.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(
                    header == null ? "repetitionGuard" : VlmHeaders.REPETITION_GUARD,
                    "must be auto, on or off, but is \"" + Echo.of(value) + "\"");
        }
    }
}
