package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.PixelLimits;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.camel.Message;

/** What goes with a question: headers of its message say it, or else the options. Of null, what the options say. */
final class MessageSettings {
    private final MessageOptions options;
    private final AskedForms forms;

    /**
     * @param options what applies where a message says nothing
     * @param forms those that answers must have
     */
    MessageSettings(MessageOptions options, AskedForms forms) {
        this.options = options;
        this.forms = forms;
    }

    /** The turns of a conversation, after the system message unless they have one. */
    List<io.github.camelvlm.chat.Message> withSystemMessage(
            List<io.github.camelvlm.chat.Message> turns, Message message) {
        String text = Headers.get(message, VlmHeaders.SYSTEM_MESSAGE, String.class, options.getSystemMessage());
        if (text == null || turns.stream().anyMatch(turn -> turn.role() == Role.SYSTEM)) {
            return turns;
        }
        List<io.github.camelvlm.chat.Message> all = new ArrayList<>();
        all.add(io.github.camelvlm.chat.Message.of(Role.SYSTEM, text));
        all.addAll(turns);
        return all;
    }

    /** How tokens are drawn, and where the answer ends. */
    SamplingOptions sampling(Message message) {
        AnswerForm form = forms.of(message);
        return SamplingOptions.builder()
                .maxTokens(Headers.get(message, VlmHeaders.MAX_TOKENS, Integer.class, options.getMaxTokens()))
                .temperature(Headers.get(message, VlmHeaders.TEMPERATURE, Double.class, options.getTemperature()))
                .topP(Headers.get(message, VlmHeaders.TOP_P, Double.class, options.getTopP()))
                .topK(Headers.get(message, VlmHeaders.TOP_K, Integer.class, options.getTopK()))
                .repetitionPenalty(Headers.get(
                        message, VlmHeaders.REPETITION_PENALTY, Double.class, options.getRepetitionPenalty()))
                .presencePenalty(
                        Headers.get(message, VlmHeaders.PRESENCE_PENALTY, Double.class, options.getPresencePenalty()))
                .stop(stop(message))
                .seed(Headers.get(message, VlmHeaders.SEED, Long.class, options.getSeed()))
                .format(form == null ? null : form.format())
                .build();
    }

    private List<String> stop(Message message) {
        Object header = message == null ? null : message.getHeader(VlmHeaders.STOP);
        if (header instanceof Collection<?> texts) {
            return texts.stream().map(String::valueOf).toList();
        } else if (header != null) {
            return List.of(header.toString());
        }
        return options.getStop() == null ? null : List.of(options.getStop().split(","));
    }

    /** The sizes at which pictures are shown. */
    PixelLimits pixels(Message message) {
        return new PixelLimits(
                Headers.get(message, VlmHeaders.MIN_PIXELS, Integer.class, options.getMinPixels()),
                Headers.get(message, VlmHeaders.MAX_PIXELS, Integer.class, options.getMaxPixels()));
    }

    /** How long an answer may take; null for as long as it likes. */
    Duration timeLimit(Message message) {
        long millis = Headers.get(message, VlmHeaders.TIME_LIMIT, Long.class, options.getTimeLimit());
        if (millis < 0) {
            throw new InvalidRequestException("time_limit", "must not be negative, but is " + millis + " ms");
        }
        return millis == 0 ? null : Duration.ofMillis(millis);
    }
}
