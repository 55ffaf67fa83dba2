package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.document.Documents;
import io.github.camelvlm.openai.ChatCompletionReader;
import io.github.camelvlm.openai.ChatCompletionRequest;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;

/** Makes requests of messages: what the body asks first, then what headers say, then what the options say. */
public final class RequestMapper {
    private final MessageOptions options;
    private final AskedForms forms;
    private final MessageSettings settings;
    private final ShownMedia media;
    private final RepetitionGuard guard;
    private final Conversations conversations;

    /**
     * @param options what applies where a message says nothing
     * @param pictures fetches those that a conversation names
     * @param forms those that answers must have
     */
    public RequestMapper(MessageOptions options, PictureUrls pictures, AskedForms forms) {
        this.options = options;
        this.forms = forms;
        settings = new MessageSettings(options, forms);
        media = new ShownMedia(options);
        guard = new RepetitionGuard(options);
        conversations = new Conversations(options, pictures, settings, media, guard);
    }

    /**
     * Checks the options, so that a route with an impossible one does not start.
     *
     * @throws InvalidRequestException if a value is out of its range
     */
    public void requireValid() {
        settings.sampling(null);
        settings.pixels(null);
        settings.timeLimit(null);
        media.requireValid();
        guard.requireValid();
        requireWords("prompt", options.getPrompt());
        requireWords("userMessage", options.getUserMessage());
        if (options.getMaxImages() < 1) {
            throw new IllegalArgumentException("maxImages must be at least 1, but is " + options.getMaxImages());
        }
    }

    private static void requireWords(String option, String question) {
        if (question != null && question.isBlank()) {
            throw new IllegalArgumentException(
                    option + " must not be empty: write a question, or leave the option out");
        }
    }

    /**
     * A question about pictures.
     *
     * @param question what is asked where neither a header nor an option says it; null for the default
     */
    public ChatRequest describe(List<EncodedImage> images, String question, Message message) {
        return ask(images, prompt(question, message), message);
    }

    /**
     * A question about pictures whose answer is data of a form. The model is told the form too, since a constraint says to
     * it only what it must not write.
     *
     * @param question what is asked where neither a header nor an option says it; null for the default
     * @param form JSON
     */
    public ChatRequest extract(List<EncodedImage> images, String question, AnswerForm form, Message message) {
        String asked = prompt(question == null ? MessageOptions.EXTRACT_PROMPT : question, message);
        String schema = ((AnswerFormat.Json) form.format()).schema();
        return ask(images, asked + "\n\nAnswer with JSON that satisfies this schema:\n" + schema, message)
                .withLogprobsIfTold();
    }

    /** The form that a message's answer must have; of null what the options say. Null for any. */
    AnswerForm form(Message message) {
        return forms.of(message);
    }

    /**
     * The form of the data that is extracted from a message.
     *
     * @throws InvalidRequestException if there is none, or it is no JSON's
     */
    public AnswerForm dataForm(Message message) {
        requireWhole(message);
        AnswerForm form = forms.of(message);
        if (form == null) {
            throw new InvalidRequestException(
                    VlmHeaders.JSON_SCHEMA,
                    "is missing: put a JSON Schema into it, or set the option jsonSchema or outputClass");
        }
        if (!(form.format() instanceof AnswerFormat.Json)) {
            throw new InvalidRequestException(
                    form.format().field(), "is no form of data: extract needs a JSON Schema, or an outputClass");
        }
        return form;
    }

    /**
     * Checks the options of an endpoint that extracts data. They need not say its form, which may come with each message.
     *
     * @throws InvalidRequestException if they ask for no data, or for pieces of it
     */
    public void requireDataForm() {
        requireWhole(null);
        if (forms.of(null) != null) {
            dataForm(null);
        }
    }

    /** Half an object is none. */
    private void requireWhole(Message message) {
        if (isStreamed(null, message)) {
            boolean isOfOption = message == null || message.getHeader(VlmHeaders.STREAMING) == null;
            throw new InvalidRequestException(
                    isOfOption ? "streaming" : VlmHeaders.STREAMING,
                    "is true, but data is extracted whole: set it to false");
        }
    }

    /** The very words given, about pictures. */
    ChatRequest ask(List<EncodedImage> images, String words, Message message) {
        requireFewEnough(images.size(), options.getMaxImages());
        List<Part> parts = new ArrayList<>();
        if (!images.isEmpty()) {
            parts.addAll(media.parts(images, settings.pixels(message), message, cancellation(message)));
        }
        parts.add(new TextPart(words));
        List<io.github.camelvlm.chat.Message> turns = new ArrayList<>();
        turns.add(new io.github.camelvlm.chat.Message(Role.USER, parts));
        return guard.of(
                new ChatRequest(
                        settings.withSystemMessage(turns, message),
                        settings.sampling(message),
                        settings.timeLimit(message)),
                images.stream().anyMatch(image -> Documents.isDocument(image.bytes())),
                message);
    }

    /** @throws InvalidRequestException if a request shows more pictures than it may */
    static void requireFewEnough(long pictures, int most) {
        if (pictures > most) {
            throw new InvalidRequestException(
                    "messages",
                    "hold " + pictures + " pictures, but at most " + most
                            + " are taken at once: send fewer, or raise maxImages");
        }
    }

    /** The question of a message or the options; what is given, where neither says one. */
    String prompt(String question, Message message) {
        for (String name : List.of(VlmHeaders.PROMPT, VlmHeaders.USER_MESSAGE)) {
            String prompt = Headers.get(message, name, String.class, null);
            if (prompt != null && !prompt.isBlank()) {
                return prompt;
            }
        }
        String prompt = options.getUserMessage();
        if (prompt == null) {
            prompt = question != null && options.getPrompt().equals(MessageOptions.DEFAULT_PROMPT)
                    ? question
                    : options.getPrompt();
        }
        return prompt;
    }

    /**
     * The chat completion request in a body.
     *
     * @throws InvalidRequestException if the body is none
     */
    public ChatCompletionRequest read(Message message) {
        Object body = message.getBody();
        if (body instanceof ChatCompletionRequest request) {
            return request;
        } else if (body instanceof Map<?, ?> map) {
            return ChatCompletionReader.read(map);
        } else if (body instanceof String json) {
            return ChatCompletionReader.read(json);
        } else if (body instanceof byte[] json) {
            return ChatCompletionReader.read(json);
        }
        if (body == null) {
            throw new InvalidRequestException("body", "is empty: send an OpenAI chat completion request in it");
        }
        InputStream json = message.getBody(InputStream.class);
        if (json == null) {
            throw new InvalidRequestException(
                    "body",
                    "must be an OpenAI chat completion request (JSON as String, byte[] or InputStream, a Map, or a"
                            + " ChatCompletionRequest), but is "
                            + body.getClass().getName());
        }
        try {
            return ChatCompletionReader.read(json);
        } finally {
            if (body instanceof StreamCache cache) {
                cache.reset();
            }
        }
    }

    /**
     * A conversation in OpenAI's format; options and headers fill in what it leaves open. Several only where prompts are sent
     * without a chat template, one of each.
     */
    public List<ChatRequest> chats(ChatCompletionRequest request, Message message) {
        return conversations.of(request, message, cancellation(message));
    }

    /** A conversation in OpenAI's format; options and headers fill in what it leaves open. */
    public ChatRequest chat(ChatCompletionRequest request, Message message) {
        return chats(request, message).get(0);
    }

    /**
     * A conversation in OpenAI's format; options fill in what it leaves open.
     *
     * @param cancellation breaks off the fetch of a picture when it completes
     */
    public ChatRequest chat(ChatCompletionRequest request, CompletionStage<?> cancellation) {
        return conversations.of(request, null, cancellation).get(0);
    }

    /**
     * The name of the adapter, or of one of several models, that a message's headers or the option chooses; null for the model
     * as it is.
     */
    public String adapter(Message message) {
        String model = Headers.get(message, VlmHeaders.MODEL, String.class, null);
        String name = Headers.get(
                message,
                VlmHeaders.ADAPTER,
                String.class,
                model == null || model.isBlank() ? options.getAdapter() : model);
        return name == null || name.isBlank() ? null : name.strip();
    }

    /** Whether the answer is wanted in pieces; what the request says, if it says anything, comes first. */
    public boolean isStreamed(Boolean asked, Message message) {
        return asked != null ? asked : Headers.get(message, VlmHeaders.STREAMING, Boolean.class, options.isStreaming());
    }

    /** Completes when no client waits for the answer any more; never, where that cannot be known. */
    public static CompletionStage<?> cancellation(Message message) {
        CompletionStage<?> ofExchange =
                message.getExchange().getProperty(VlmHeaders.CANCELLATION, CompletionStage.class);
        return Headers.get(
                message,
                VlmHeaders.CANCELLATION,
                CompletionStage.class,
                ofExchange != null ? ofExchange : new CompletableFuture<>());
    }

    /** Whose pictures it is that the uuids of an exchange name. Never a header, which a client might send. */
    static String owner(Exchange exchange) {
        return exchange == null ? "" : exchange.getProperty(VlmHeaders.OWNER, "", String.class);
    }

    /** Whether each page of a document is asked about by itself. */
    public boolean isPerPage(Message message) {
        boolean perPage = Headers.get(message, VlmHeaders.PER_PAGE, Boolean.class, options.isPerPage());
        if (perPage && isStreamed(null, message)) {
            throw new InvalidRequestException(
                    "perPage", "makes an answer of each page, which are not streamed: set streaming to false");
        }
        return perPage;
    }

    /**
     * What the pages of a document are told to, if files are one and an exchange has such a log; otherwise null.
     */
    public PageLog pageLog(List<EncodedImage> files, Exchange exchange) {
        PageLog log = exchange.getProperty(VlmHeaders.PAGE_LOG, PageLog.class);
        return log != null
                        && files.size() == 1
                        && Documents.isDocument(files.get(0).bytes())
                ? log
                : null;
    }

    private static boolean isDocument(EncodedImage file) {
        return Documents.isDocument(file.bytes());
    }

    /** What asks about each page of documents by itself. */
    public PageQuestions pageQuestions() {
        return new PageQuestions(options, settings, media, guard);
    }
}
