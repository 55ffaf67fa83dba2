package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.document.DocumentPage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One answer for each page, in order. Several run through the engine together; a page that cannot be read has none, and
 * keeps none of the others from theirs.
 */
final class PageAnswers {
    /** How many pages of one document are in the engine at once, so that it has room for others. */
    private static final int AT_ONCE = 8;

    private record Asked(DocumentPage page, PageSupply from, Generation generation) {}

    private final VlmEngine engine;
    private final Function<EncodedImage, ChatRequest> question;
    private final CompletionStage<?> cancellation;
    private final Consumer<PageAnswer> told;
    private final List<PageAnswer> answers = new ArrayList<>();
    private final Deque<Asked> running = new ArrayDeque<>();

    private PageAnswers(
            VlmEngine engine,
            Function<EncodedImage, ChatRequest> question,
            CompletionStage<?> cancellation,
            Consumer<PageAnswer> told) {
        this.engine = engine;
        this.question = question;
        this.cancellation = cancellation;
        this.told = told;
    }

    /**
     * Asks about pages.
     *
     * @param documents the pages of each; are not closed
     * @param question what is asked of a page
     * @param cancellation ends all of it when it completes
     * @param told of each page, in their order, as soon as it and those before it are answered
     * @throws io.github.camelvlm.chat.VlmException if the engine refuses the request or fails
     */
    static List<PageAnswer> of(
            VlmEngine engine,
            List<PageSupply> documents,
            Function<EncodedImage, ChatRequest> question,
            CompletionStage<?> cancellation,
            Consumer<PageAnswer> told)
            throws InterruptedException {
        PageAnswers answers = new PageAnswers(engine, question, cancellation, told);
        try {
            for (PageSupply document : documents) {
                while (document.hasNext()) {
                    answers.ask(answers.next(document), document);
                }
            }
            while (!answers.running.isEmpty()) {
                answers.await();
            }
            return answers.answers;
        } finally {
            answers.running.forEach(asked -> asked.generation().cancel());
        }
    }

    private DocumentPage next(PageSupply document) throws InterruptedException {
        while (true) {
            try {
                DocumentPage page = document.next();
                if (page.failure() != null && Thread.interrupted()) {
                    // It failed by that, and so would all others.
                    throw new InterruptedException("The thread that asks about pages was interrupted");
                }
                return page;
            } catch (QueueFullException e) {
                awaitRoom(e);
            }
        }
    }

    private void ask(DocumentPage page, PageSupply from) throws InterruptedException {
        if (page.failure() != null) {
            fail(page.number(), page.failure());
            return;
        }
        if (running.size() == AT_ONCE) {
            await();
        }
        while (true) {
            try {
                Generation generation = engine.generate(question.apply(page.picture()), 1, cancellation)
                        .get(0);
                running.add(new Asked(page, from, generation));
                return;
            } catch (UnreadablePictureException e) {
                fail(page, from, e.getMessage());
                return;
            } catch (QueueFullException e) {
                awaitRoom(e);
            } catch (OutOfMemoryError e) {
                if (running.isEmpty()) {
                    fail(page, from, page.picture().name() + " takes more memory than there is: raise -Xmx");
                    return;
                }
                await();
            }
        }
    }

    /** Its own earlier pages fill the engine or the memory up, or those of others do. */
    private void awaitRoom(QueueFullException refusal) throws InterruptedException {
        if (running.isEmpty()) {
            throw refusal;
        }
        await();
    }

    private void fail(DocumentPage page, PageSupply from, String reason) throws InterruptedException {
        from.giveBack(page);
        fail(page.number(), reason);
    }

    /** Answers stand in the order of their pages. */
    private void fail(int page, String reason) throws InterruptedException {
        while (!running.isEmpty()) {
            await();
        }
        add(new PageAnswer(page, null, reason));
    }

    private void add(PageAnswer answer) {
        answers.add(answer);
        told.accept(answer);
    }

    private void await() throws InterruptedException {
        Asked oldest = running.peek();
        PageAnswer answer = answer(oldest);
        running.remove();
        oldest.from().giveBack(oldest.page());
        add(answer);
    }

    private static PageAnswer answer(Asked asked) throws InterruptedException {
        int page = asked.page().number();
        try {
            return new PageAnswer(page, asked.generation().await(), null);
        } catch (VlmException e) {
            // An engine that goes on says so in no other class: it has failed on this page alone.
            if (e.getClass() != VlmException.class) {
                throw e;
            }
            return new PageAnswer(page, null, asked.page().picture().name() + " has no answer. " + e.getMessage());
        }
    }
}
