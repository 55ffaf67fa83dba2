package io.github.camelvlm;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.exchange.AnswerHeaders;
import io.github.camelvlm.exchange.PageAnswer;
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
    private final RequestMapper requests;

    PageOperation(AskedEngine engine, RequestMapper requests) {
        this.engine = engine;
        this.requests = requests;
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
        Message message = exchange.getMessage();
        List<PageAnswer> pages = requests.askAboutPages(engine.get(), files, question, message);
        List<Completion> completions = pages.stream()
                .map(PageAnswer::completion)
                .filter(Objects::nonNull)
                .toList();
        observed.ended(completions);
        AnswerHeaders.write(completions, metadata, message);
        PageResults results = PageResults.of(pages, result);
        if (!results.failures().isEmpty()) {
            message.setHeader(VlmConstants.PAGE_FAILURES, results.failures());
        }
        if (!results.cuts().isEmpty()) {
            message.setHeader(VlmConstants.PAGE_FINISH_REASONS, results.cuts());
        }
        engine.keep(ChatCompletion.of(completions, metadata), exchange);
        message.setBody(results.list());
    }
}
