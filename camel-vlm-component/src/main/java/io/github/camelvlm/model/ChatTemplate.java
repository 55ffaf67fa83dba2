package io.github.camelvlm.model;

import io.github.camelvlm.chat.ContextLengthException;
import io.github.camelvlm.chat.Continuation;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.chat.TokensPart;
import io.github.camelvlm.chat.VideoPart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Writes a conversation as the model was taught to read it, by the Jinja template that comes with the model.
 *
 * <p>The text of messages reaches the model as characters only: neither special tokens nor Jinja in it have an effect,
 * also where several texts together would spell a special token. Safe for use by many threads.
 */
public final class ChatTemplate {
    /** What a message or a part costs in length besides its text, so that a flood of empty ones is bounded too. */
    private static final int LENGTH_OF_EMPTY = 16;

    /**
     * Stands after a turn that is to be continued, so that what the template writes after it can be cut off. Users may
     * write it too, but never after that place.
     */
    private static final String END = "\uFDD2";

    private static final int MAX_TRIAL_SECONDS = 10;

    /** What the chat templates of Qwen2-VL and Qwen2.5-VL say where a conversation has no system message. */
    private static final String QWEN2_SYSTEM_MESSAGE = "You are a helpful assistant.";

    private final JinjaTemplate template;
    private final Tokenizer tokenizer;
    private final SpecialTokenGuard guard;
    private boolean saysSystemMessage;

    private ChatTemplate(JinjaTemplate template, Tokenizer tokenizer) {
        this.template = template;
        this.tokenizer = tokenizer;
        guard = new SpecialTokenGuard(tokenizer.specialTokens());
    }

    /**
     * Loads the template of a model and tries it on a small conversation. It is taken from {@code chat_template.json},
     * else from {@code chat_template.jinja}, else from the field {@code chat_template} of {@code tokenizer_config.json};
     * of several named templates the one named "default".
     *
     * @param directory the model directory
     * @param tokenizer the model's tokenizer, which stays the caller's to close
     * @throws ModelLoadException if there is no template or it cannot be rendered
     */
    public static ChatTemplate load(Path directory, Tokenizer tokenizer) {
        ChatTemplate loaded = new ChatTemplate(new JinjaTemplate(ChatTemplateFiles.read(directory)), tokenizer);
        // A thread of its own, for there are expressions that nothing can stop.
        FutureTask<String> trial = new FutureTask<>(() -> loaded.render(
                List.of(Message.of(Role.USER, "Hello")), Continuation.NEW_TURN, UnaryOperator.identity()));
        Thread thread = new Thread(trial, "vlm-template-trial");
        thread.setDaemon(true);
        thread.start();
        try {
            loaded.saysSystemMessage =
                    trial.get(MAX_TRIAL_SECONDS, TimeUnit.SECONDS).contains(QWEN2_SYSTEM_MESSAGE);
        } catch (TimeoutException e) {
            throw unusable(directory, "it takes longer than " + MAX_TRIAL_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw unusable(directory, e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unusable(directory, "the thread that loads the model was interrupted", e);
        }
        return loaded;
    }

    private static ModelLoadException unusable(Path directory, String reason, Throwable cause) {
        return new ModelLoadException(
                "The chat template of " + directory + " cannot be rendered, " + reason
                        + ": use the template that was published with the model",
                cause);
    }

    /** What it says where a conversation has no system message; empty if nothing, as in Qwen3-VL. */
    String defaultSystemMessage() {
        return saysSystemMessage ? QWEN2_SYSTEM_MESSAGE : "";
    }

    /**
     * The conversation as text, for people to read. It does not tell special tokens of the template from text that is
     * written like them: for the model, {@link #encode}.
     *
     * @param messages the turns so far
     * @param continuation where it ends
     * @throws ContextLengthException if the texts are longer than {@link Tokenizer#MAX_TEXT_LENGTH} together
     * @throws InvalidRequestException if the template refuses the conversation
     */
    public String render(List<Message> messages, Continuation continuation) {
        return guard.unmark(renderMarked(messages, continuation));
    }

    /**
     * A conversation without videos as token ids.
     *
     * @see #encode(List, Continuation, List)
     */
    public int[] encode(List<Message> messages, Continuation continuation) {
        return encode(messages, continuation, List.of());
    }

    /**
     * The conversation as token ids.
     *
     * @param messages the turns so far
     * @param continuation where it ends
     * @param videos how its videos are written, in their order
     * @return the ids, with one {@code <|image_pad|>} for each picture in the place where the template shows it
     * @throws ContextLengthException if the texts are longer than {@link Tokenizer#MAX_TEXT_LENGTH} together
     * @throws InvalidRequestException if the template refuses the conversation
     */
    public int[] encode(List<Message> messages, Continuation continuation, List<VideoText> videos) {
        if (continuation == Continuation.RAW) {
            requireBounded(messages);
            return messages.stream()
                    .flatMap(message -> message.parts().stream())
                    .flatMapToInt(this::tokens)
                    .toArray();
        }
        // What users write is marked, so that a place of a video is always the template's.
        return tokenizer.encode(withVideos(renderMarked(messages, continuation), videos), guard::unmark);
    }

    private IntStream tokens(Part part) {
        if (part instanceof TextPart text) {
            return Arrays.stream(tokenizer.encode(text.text()));
        }
        return part instanceof TokensPart tokens
                ? tokens.ids().stream().mapToInt(Integer::intValue)
                : IntStream.empty();
    }

    private static String withVideos(String text, List<VideoText> videos) {
        StringBuilder written = new StringBuilder();
        int at = 0;
        for (VideoText video : videos) {
            int place = text.indexOf(video.place(), at);
            if (place < 0) {
                throw new InvalidRequestException(
                        "messages", "hold videos where the model's chat template shows none: put them into user turns");
            }
            written.append(text, at, place).append(video.text());
            at = place + video.place().length();
        }
        return written.append(text, at, text.length()).toString();
    }

    private String renderMarked(List<Message> messages, Continuation continuation) {
        requireBounded(messages);
        try {
            return render(messages, continuation, guard::mark);
        } catch (TemplateException e) {
            throw new InvalidRequestException(
                    "messages", "cannot be put into the model's chat template, " + e.getMessage());
        }
    }

    private static void requireBounded(List<Message> messages) {
        long length = 0;
        for (Message message : messages) {
            length += LENGTH_OF_EMPTY;
            for (Part part : message.parts()) {
                length += LENGTH_OF_EMPTY
                        + (part instanceof TextPart text ? text.text().length() : 0);
            }
        }
        if (length > Tokenizer.MAX_TEXT_LENGTH) {
            throw Tokenizer.tooLong(length);
        }
    }

    private String render(List<Message> messages, Continuation continuation, UnaryOperator<String> mark)
            throws TemplateException {
        int last = messages.size() - 1;
        boolean isContinued = continuation == Continuation.LAST_TURN;
        List<Map<String, Object>> turns = new ArrayList<>();
        for (Message message : messages) {
            turns.add(turn(message, isContinued && turns.size() == last ? END : "", mark));
        }
        String text = template.render(
                Map.of("messages", turns, "add_generation_prompt", continuation == Continuation.NEW_TURN));
        return isContinued ? beforeEnd(text) : text;
    }

    private static String beforeEnd(String text) throws TemplateException {
        int end = text.lastIndexOf(END);
        if (end < 0) {
            throw new TemplateException("it does not show the last turn, which is to be continued", null);
        }
        return text.substring(0, end);
    }

    private static Map<String, Object> turn(Message message, String ending, UnaryOperator<String> mark) {
        return Map.of("role", message.role().wireName(), "content", content(message.parts(), ending, mark));
    }

    /** A text alone is given as a string, which every template understands; some know no parts. */
    private static Object content(List<Part> parts, String ending, UnaryOperator<String> mark) {
        if (parts.size() == 1 && parts.get(0) instanceof TextPart text) {
            return mark.apply(text.text()) + ending;
        }
        List<Map<String, Object>> content = new ArrayList<>();
        parts.forEach(part -> content.add(templatePart(part, mark)));
        if (!ending.isEmpty()) {
            content.add(Map.of("type", "text", "text", ending));
        }
        return content;
    }

    private static Map<String, Object> templatePart(Part part, UnaryOperator<String> mark) {
        if (part instanceof TextPart text) {
            return Map.of("type", "text", "text", mark.apply(text.text()));
        }
        if (part instanceof ImagePart) {
            return Map.of("type", "image");
        }
        if (part instanceof VideoPart) {
            return Map.of("type", "video");
        }
        throw new IllegalArgumentException("A part of an unknown kind: " + part);
    }
}
