package io.github.camelvlm.routes.report;

import io.github.camelvlm.VlmConstants;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has {@code vlm:describe} ask about each page of a document by itself, and tells of all of them together. */
public final class Documents {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

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
        message.removeHeader(VlmConstants.PAGE_FAILURES);
        message.removeHeader(VlmConstants.CONFIDENCE);
        message.setHeader(VlmConstants.FINISH_REASON, report.finishReason());
        message.setHeader(VlmConstants.PROMPT_TOKENS, (int) report.sum("usage", "prompt_tokens"));
        message.setHeader(VlmConstants.COMPLETION_TOKENS, (int) report.sum("usage", "completion_tokens"));
        message.setHeader(VlmConstants.TOTAL_TOKENS, (int) report.sum("usage", "total_tokens"));
        message.setHeader(VlmConstants.TOTAL_MILLIS, report.sum("times", "total_ms"));
        for (String failure : report.failures()) {
            LOG.warn("{}: {}", message.getHeader(Exchange.FILE_NAME), failure);
        }
    }

    /** Why pages of a message's document have no answer, a sentence each; empty if all have one. */
    public static List<String> failures(Message message) {
        PageReport report = PageReport.of(message);
        return report == null ? List.of() : report.failures();
    }
}
