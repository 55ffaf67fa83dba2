package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.PixelLimits;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.chat.VlmEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.camel.Message;

/** Asks about each page of documents by itself. */
public final class PageQuestions {
    private final MessageOptions options;
    private final MessageSettings settings;
    private final ShownMedia media;
    private final RepetitionGuard guard;

    PageQuestions(MessageOptions options, MessageSettings settings, ShownMedia media, RepetitionGuard guard) {
        this.options = options;
        this.settings = settings;
        this.media = media;
        this.guard = guard;
    }

    /**
     * Asks about each page of files; a picture is a page.
     *
     * @param question what is asked of a page
     * @throws UnreadablePictureException if a document cannot be opened, or none of its pages can be read
     */
    public List<PageAnswer> ask(
            VlmEngine engine, List<EncodedImage> files, Function<EncodedImage, ChatRequest> question, Message message)
            throws InterruptedException {
        RequestMapper.requireFewEnough(files.size(), options.getMaxImages());
        PixelLimits limits = settings.pixels(message);
        List<PageSupply> pages = new ArrayList<>();
        List<PageAnswer> answers;
        try {
            // All before the first question: one that cannot be opened fails before there is work.
            for (EncodedImage file : files) {
                pages.forEach(PageSupply::rest);
                pages.add(media.supply(
                        new ImagePart(file, limits), wanted -> 0, message, RequestMapper.cancellation(message)));
            }
            // What the last one runs must not hold a place for which the pages of those before it wait.
            pages.stream().skip(1).forEach(PageSupply::rest);
            answers = PageAnswers.of(
                    engine, pages, guarded(question, files, message), RequestMapper.cancellation(message), page -> {});
        } finally {
            Closing.each(pages, PageSupply::close);
        }
        if (answers.stream().allMatch(answer -> answer.completion() == null)) {
            throw new UnreadablePictureException(answers.get(0).failure(), null);
        }
        return answers;
    }

    /**
     * Asks about each page of a document that a log does not know yet, and tells the log of it.
     *
     * @param model what answers
     * @return the answers about those pages
     * @throws UnreadablePictureException if the document cannot be opened, or none of its pages can be read
     */
    public List<PageAnswer> ask(
            VlmEngine engine,
            EncodedImage document,
            Function<EncodedImage, ChatRequest> question,
            String model,
            PageLog log,
            Message message)
            throws InterruptedException {
        PixelLimits limits = settings.pixels(message);
        String digest = DocumentDigest.of(
                document.bytes(), question, List.of(model, limits, media.shownPages(message, limits)));
        List<PageAnswer> answers;
        try (PageSupply pages = media.supply(
                new ImagePart(document, limits),
                wanted -> log.begin(digest, wanted),
                message,
                RequestMapper.cancellation(message))) {
            answers = PageAnswers.of(
                    engine,
                    List.of(pages),
                    guarded(question, List.of(), message),
                    RequestMapper.cancellation(message),
                    log::add);
        }
        if (!log.hasAnswer()) {
            throw new UnreadablePictureException(
                    answers.isEmpty()
                            ? "none of its pages can be read"
                            : answers.get(0).failure(),
                    null);
        }
        return answers;
    }

    /** The same question with the guard that pages of documents have, which are all that is not among the files as they came. */
    private Function<EncodedImage, ChatRequest> guarded(
            Function<EncodedImage, ChatRequest> question, List<EncodedImage> files, Message message) {
        return page -> guard.of(question.apply(page), !files.contains(page), message);
    }
}
