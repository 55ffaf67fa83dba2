package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.VlmConstants;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Timings;
import io.github.camelvlm.chat.Usage;
import io.github.camelvlm.exchange.PageAnswer;
import io.github.camelvlm.exchange.PageLog;
import io.github.camelvlm.routes.report.CaptionJson;
import io.github.camelvlm.routes.report.Documents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a document whose pages were answered by two runs. */
class ResumedDocumentTest {
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Documents documents = new Documents();

    private final List<String> told = new ArrayList<>();

    @TempDir
    private Path root;

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    private static PageAnswer answer(int page, String text, FinishReason reason) {
        Completion completion = new Completion(
                "m",
                text,
                List.of(),
                List.of(),
                List.of(),
                reason,
                new Usage(10, 5, 0, 0, 0),
                new Timings(Duration.ofMillis(1), List.of(), Duration.ofMillis(3)),
                List.of(),
                List.of());
        return new PageAnswer(page, completion, null);
    }

    /** A run that is told of answers, as {@code vlm:describe} tells it. */
    private Message run(boolean isData, PageAnswer... answers) throws Exception {
        Message message = new DefaultExchange(context).getMessage();
        if (isData) {
            message.setHeader(VlmConstants.JSON_SCHEMA, "{}");
        }
        PageFile file = new PageFile(
                root.resolve("captions/.a.pdf.pages"),
                () -> {},
                (answered, wanted) -> told.add(answered + " of " + wanted));
        documents.resume(message, file);
        PageLog log = message.getExchange().getProperty(VlmConstants.PAGE_LOG, PageLog.class);
        log.begin("d", new int[] {3, 4, 5, 6});
        for (PageAnswer each : answers) {
            log.add(each);
        }
        file.close(true);
        return message;
    }

    @Test
    void countsPagesFromTheFirstOfTheDocumentInItsHeaders() throws Exception {
        run(false, answer(3, "a", FinishReason.LENGTH), new PageAnswer(4, null, "page 4 cannot be rendered"));
        Message last = run(false, answer(5, "c", FinishReason.REPETITION), answer(6, "d", FinishReason.STOP));
        // As vlm:describe counts those of this run.
        last.setHeader(VlmConstants.PAGE_FINISH_REASONS, Map.of(1, "repetition"));
        last.setHeader(VlmConstants.CACHED_TOKENS, 7);
        documents.end(last);

        assertThat(last.getHeader(VlmConstants.PAGE_FINISH_REASONS)).isEqualTo(Map.of(1, "length", 3, "repetition"));
        assertThat(last.getHeader(VlmConstants.PAGE_FAILURES)).isEqualTo(Map.of(2, "page 4 cannot be rendered"));
        assertThat(last.getHeader(VlmConstants.FINISH_REASON)).isEqualTo("length");
        assertThat(last.getHeader(VlmConstants.PROMPT_TOKENS)).isEqualTo(30);
        assertThat(last.getHeaders()).doesNotContainKey(VlmConstants.CACHED_TOKENS);
        assertThat(last.getBody(String.class)).isEqualTo("a\n\f\n\fc\n\fd");
    }

    @Test
    void tellsHowFarItIs() throws Exception {
        run(false, answer(3, "a", FinishReason.STOP), new PageAnswer(4, null, "page 4 cannot be rendered"));
        run(false, answer(5, "c", FinishReason.STOP));

        assertThat(told).containsExactly("0 of 4", "1 of 4", "2 of 4", "2 of 4", "3 of 4");
    }

    @Test
    void tellsOfNoCutsWhereThereAreNone() throws Exception {
        Message whole = run(false, answer(3, "a", FinishReason.STOP));
        whole.setHeader(VlmConstants.PAGE_FINISH_REASONS, Map.of(1, "of an earlier document"));
        whole.setHeader(VlmConstants.PAGE_FAILURES, Map.of(1, "of an earlier document"));
        documents.end(whole);

        assertThat(whole.getHeaders()).doesNotContainKeys(VlmConstants.PAGE_FINISH_REASONS, VlmConstants.PAGE_FAILURES);
    }

    @Test
    void takesAnEmptyAnswerForAnEmptyCaptionAndForNoData() throws Exception {
        Message empty = run(true, answer(3, "", FinishReason.LENGTH), answer(4, "{\"a\":1}", FinishReason.STOP));
        documents.end(empty);

        assertThat(empty.getBody(String.class)).isEqualTo("\n\f{\"a\":1}");
        assertThat(new CaptionJson().writeLine(empty))
                .contains("{\"page\":3,\"caption\":\"\",\"finish_reason\":\"length\"")
                .contains("{\"page\":4,\"data\":{\"a\":1},");
    }
}
