package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.Box;
import io.github.camelvlm.chat.BoxForm;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.openai.BoxReader;
import io.github.camelvlm.openai.BoxSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.Message;

/** Asks where things are in a picture, as the model was trained to be asked, and reads its answers. */
public final class Detection {
    /** Where a model is asked for one thing at a time, each costs an answer. */
    private static final int MAX_LABELS = 100;

    private static final int MAX_LABEL_LENGTH = 200;

    private final MessageOptions options;
    private final RequestMapper requests;

    /**
     * @param options what applies where a message says nothing
     * @param requests makes requests of questions
     */
    public Detection(MessageOptions options, RequestMapper requests) {
        this.options = options;
        this.requests = requests;
    }

    /**
     * Checks the options, so that a route with an impossible one does not start.
     *
     * @throws InvalidRequestException if the labels are empty or too many, or answers are to have a form
     */
    public void requireValid() {
        requireLabels(labels(null));
        requireNoForm(null);
    }

    /** Boxes have a form of their own, which is the model's. */
    private void requireNoForm(Message message) {
        AnswerForm form = requests.form(message);
        if (form != null) {
            throw new InvalidRequestException(
                    form.format().field(),
                    "says a form, but detect makes boxes of what the model was trained to write: leave it out");
        }
    }

    /**
     * The one picture of a message.
     *
     * @throws InvalidRequestException if there are several
     */
    public static EncodedImage one(List<EncodedImage> pictures) {
        if (pictures.size() != 1) {
            throw new InvalidRequestException(
                    "body",
                    "must hold one picture for boxes to be looked for, but holds " + pictures.size()
                            + ": split the list");
        }
        return pictures.get(0);
    }

    /**
     * The questions to ask one after the other.
     *
     * @throws InvalidRequestException if nothing is looked for, answers are to have a form, or it is not known how the model
     *     says where things are
     */
    public List<ChatRequest> questions(EncodedImage picture, ModelInfo model, Message message) {
        BoxForm form = BoxReader.form(model, VlmHeaders.BOXES);
        requireNoForm(message);
        List<String> labels = labels(message);
        requireLabels(labels);
        List<String> questions = labels.isEmpty() ? List.of(question(message)) : form.questions(labels);
        SamplingOptions sampling = SamplingOptions.builder()
                // Without the special tokens it could not be told where the name of a thing begins.
                .skipSpecialTokens(form.isJson() ? null : Boolean.FALSE)
                .format(form.isJson() ? new AnswerFormat.Json("labels", BoxSchema.of(labels)) : null)
                .build();
        return questions.stream()
                .map(question -> requests.ask(List.of(picture), question, message))
                .map(request -> request.withSampling(sampling.orElse(request.sampling())))
                .toList();
    }

    /** The boxes in the answers to {@link #questions}. */
    public static List<Box> boxes(List<Completion> answers, ModelInfo model) {
        BoxForm form = BoxReader.form(model, VlmHeaders.BOXES);
        List<Box> boxes = new ArrayList<>();
        answers.forEach(answer -> boxes.addAll(
                BoxReader.read(answer.text(), form, answer.pictures().get(0))));
        return boxes;
    }

    /** What a header says in the words of the header comes before labels of the options. */
    private List<String> labels(Message message) {
        Object header = message == null ? null : message.getHeader(VlmHeaders.LABELS);
        if (header instanceof Collection<?> words) {
            return words.stream().map(String::valueOf).toList();
        } else if (header != null) {
            return split(header.toString());
        }
        boolean isAsked = message != null
                && (message.getHeader(VlmHeaders.PROMPT) != null || message.getHeader(VlmHeaders.USER_MESSAGE) != null);
        return isAsked || options.getLabels() == null ? List.of() : split(options.getLabels());
    }

    private static List<String> split(String labels) {
        return Stream.of(labels.split(",", -1)).map(String::strip).toList();
    }

    private static void requireLabels(List<String> labels) {
        if (labels.size() > MAX_LABELS) {
            throw new InvalidRequestException(
                    "labels",
                    "must be at most " + MAX_LABELS + ", but are " + labels.size() + ": ask for fewer at once");
        }
        if (labels.stream().anyMatch(label -> label.isBlank() || label.length() > MAX_LABEL_LENGTH)) {
            throw new InvalidRequestException(
                    "labels", "must be words of 1 to " + MAX_LABEL_LENGTH + " characters each, separated by commas");
        }
    }

    private String question(Message message) {
        String question = requests.prompt(null, message);
        if (question.equals(MessageOptions.DEFAULT_PROMPT)) {
            throw new InvalidRequestException(
                    "labels",
                    "say nothing to look for: set the option labels or the header " + VlmHeaders.LABELS
                            + " to words such as car,bicycle, or ask by a prompt");
        }
        return question;
    }
}
