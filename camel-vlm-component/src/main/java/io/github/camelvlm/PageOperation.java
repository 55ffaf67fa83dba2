package io.github.camelvlm;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.exchange.AnswerHeaders;
import io.github.camelvlm.exchange.PageAnswer;
import io.github.camelvlm.exchange.PageLog;
import io.github.camelvlm.exchange.PageQuestions;
import io.github.camelvlm.exchange.PageResults;
import io.github.camelvlm.exchange.RequestMapper;
import io.github.camelvlm.observation.ObservedAnswer;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ResponseMetadata;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Asks about each page of documents by itself. */
final class PageOperation {
    private final AskedEngine engine;
    private final PageQuestions questions;

    PageOperation(AskedEngine engine, RequestMapper requests) {
        this.engine = engine;
        questions = requests.pageQuestions();
    }

    /** Makes of the body the list of what was answered about its pages, null where there is no answer. */
    void answer(
            List<EncodedImage> files,
            Function<EncodedImage, ChatRequest> question,
            Function<Completion, Object> result,
            ResponseMetadata metadata,
            Exchange exchange,
            ObservedAnswer observed)
            throws InterruptedException {
        answered(
                questions.ask(engine.get(), files, question, exchange.getMessage()),
                result,
                metadata,
                exchange,
                observed);
    }

    /** The same of the pages of one document, without those that a log knows already. */
    void answer(
            EncodedImage document,
            PageLog log,
            Function<EncodedImage, ChatRequest> question,
            ResponseMetadata metadata,
            Exchange exchange,
            ObservedAnswer observed)
            throws InterruptedException {
        List<PageAnswer> pages = questions.ask(
                engine.get(),
                document,
                question,
                metadata.model() + " " + metadata.systemFingerprint(),
                log,
                exchange.getMessage());
        answered(pages, Completion::text, metadata, exchange, observed);
    }

    private void answered(
            List<PageAnswer> pages,
            Function<Completion, Object> result,
            ResponseMetadata metadata,
            Exchange exchange,
            ObservedAnswer observed) {
        Message message = exchange.getMessage();
        List<Completion> completions = pages.stream()
                .map(PageAnswer::completion)
                .filter(Objects::nonNull)
                .toList();
        if (completions.isEmpty()) {
            // An earlier run has asked about all of them.
            message.setHeader(VlmConstants.RESPONSE_MODEL, metadata.model());
        } else {
            observed.answers(1);
            observed.ended(completions);
            AnswerHeaders.write(completions, 1, metadata, message);
            engine.keep(ChatCompletion.of(completions, metadata, null, 1), exchange);
        }
        PageResults results = PageResults.of(pages, result);
        if (!results.failures().isEmpty()) {
            message.setHeader(VlmConstants.PAGE_FAILURES, results.failures());
        }
        if (!results.cuts().isEmpty()) {
            message.setHeader(VlmConstants.PAGE_FINISH_REASONS, results.cuts());
        }
        message.setBody(results.list());
    }
}
