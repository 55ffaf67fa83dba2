package io.github.camelvlm.routes.report;

import io.github.camelvlm.VlmConstants;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has {@code vlm:describe} ask about each page of a document by itself, and tells of all of them together. */
public final class Documents {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    /** Headers that tell of one page, or of those alone that were asked about after a crash. */
    private static final List<String> OF_SOME_PAGES = List.of(
            VlmConstants.PAGE_FAILURES,
            VlmConstants.PAGE_FINISH_REASONS,
            VlmConstants.CONFIDENCE,
            VlmConstants.LOGPROB,
            VlmConstants.CACHED_TOKENS,
            VlmConstants.TIME_TO_FIRST_TOKEN_MILLIS,
            VlmConstants.IMAGE_COUNT,
            VlmConstants.IMAGE_WIDTH,
            VlmConstants.IMAGE_HEIGHT);

    private boolean isPerPage = true;

    /** @param perPage whether each page of a document is asked about by itself; otherwise all of them together */
    public void setPerPage(boolean perPage) {
        isPerPage = perPage;
    }

    /** To be called before a message is described, when its form is known. */
    public void begin(Message message) {
        resume(message, PageLines.NONE);
    }

    /**
     * The same of a document that is gone on with after a crash.
     *
     * @param lines where what is known of its pages is kept
     */
    public void resume(Message message, PageLines lines) {
        if (isPerPage) {
            boolean isData = message.getHeader(VlmConstants.JSON_SCHEMA) != null;
            message.getExchange().setProperty(VlmConstants.PAGE_LOG, new PageReport(isData, lines));
        }
    }

    /**
     * Makes of a described document's message what that of a picture is: one text, and headers of all pages together. To be
     * called when it was described; leaves others alone.
     */
    public void end(Message message) {
        PageReport report = PageReport.of(message);
        if (report == null) {
            return;
        }
        message.setBody(report.text());
        OF_SOME_PAGES.forEach(message::removeHeader);
        set(VlmConstants.PAGE_FAILURES, report.failures(), message);
        set(VlmConstants.PAGE_FINISH_REASONS, report.cuts(), message);
        message.setHeader(VlmConstants.FINISH_REASON, report.finishReason());
        message.setHeader(VlmConstants.PROMPT_TOKENS, (int) report.sum("usage", "prompt_tokens"));
        message.setHeader(VlmConstants.COMPLETION_TOKENS, (int) report.sum("usage", "completion_tokens"));
        message.setHeader(VlmConstants.TOTAL_TOKENS, (int) report.sum("usage", "total_tokens"));
        message.setHeader(VlmConstants.TOTAL_MILLIS, report.sum("times", "total_ms"));
        for (String failure : report.failures().values()) {
            LOG.warn("{}: {}", message.getHeader(Exchange.FILE_NAME), failure);
        }
    }

    private static void set(String header, Map<Integer, String> byPlace, Message message) {
        if (!byPlace.isEmpty()) {
            message.setHeader(header, byPlace);
        }
    }

    /** Why pages of a message's document have no answer, a sentence each; empty if all have one. */
    public static List<String> failures(Message message) {
        PageReport report = PageReport.of(message);
        return report == null ? List.of() : List.copyOf(report.failures().values());
    }
}
