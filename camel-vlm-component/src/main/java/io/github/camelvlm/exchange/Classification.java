package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Comparison;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Message;

/** Asks which of several choices a picture is. */
public final class Classification {
    private final RequestMapper requests;

    /** @param requests makes requests of questions */
    public Classification(RequestMapper requests) {
        this.requests = requests;
    }

    /**
     * What a message is to be told as.
     *
     * @param message the message, or null for what the options say
     * @throws InvalidRequestException if there are no choices, or less than two
     */
    public List<String> choices(Message message) {
        AnswerForm form = requests.form(message);
        if (form == null || !(form.format() instanceof AnswerFormat.Choice choice)) {
            throw new InvalidRequestException(
                    VlmHeaders.CHOICES, "are missing: put texts into it, or set the option choices to such as yes,no");
        }
        if (choice.texts().size() < 2) {
            throw new InvalidRequestException(
                    choice.field(), "holds one text only: there must be several to choose from");
        }
        return choice.texts();
    }

    /**
     * Checks the options. They need not say the choices, which may come with each message.
     *
     * @throws InvalidRequestException if they say other than choices
     */
    public void requireValid() {
        if (requests.form(null) != null) {
            choices(null);
        }
    }

    /** The question of a message or the options; without one, which of the choices it is. */
    public ChatRequest question(List<EncodedImage> pictures, List<String> choices, Message message) {
        String asked = requests.prompt(null, message);
        boolean isDefault = asked.equals(MessageOptions.DEFAULT_PROMPT);
        return requests.ask(
                pictures,
                isDefault ? "What is this? Answer with one of these: " + String.join(", ", choices) + "." : asked,
                message);
    }

    /** The probability of each choice, in their order. */
    public static Map<String, Double> scores(List<String> choices, Comparison comparison) {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (int i = 0; i < choices.size(); i++) {
            scores.put(choices.get(i), comparison.probabilities().get(i));
        }
        return scores;
    }
}
