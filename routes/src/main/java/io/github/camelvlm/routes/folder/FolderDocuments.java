package io.github.camelvlm.routes.folder;

import io.github.camelvlm.routes.report.Documents;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has each page of a document asked about by itself, and keeps what is known of them in a hidden file beside the captions
 * until the document has left the inbox, so that a crash repeats only pages that were in hand.
 */
public final class FolderDocuments implements CamelContextAware {
    /** What is known of a document that has gone is kept for so long: it may come back. */
    private static final Duration LEFT_FOR = Duration.ofDays(1);

    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    private final Documents documents = new Documents();
    private CamelContext camelContext;
    private Path captions;
    private Path inbox;
    private PictureOrder order;
    private DocumentActivity activity = new DocumentActivity();

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /** @param inbox where documents come from; relative to the working directory */
    public void setInbox(String inbox) {
        this.inbox = Path.of(inbox).toAbsolutePath().normalize();
    }

    /** @param folder where captions go; relative to the working directory */
    public void setCaptions(String folder) {
        captions = Path.of(folder).toAbsolutePath().normalize();
    }

    /** @param order in which a document of many pages holds up no pictures that were taken after it */
    public void setOrder(PictureOrder order) {
        this.order = order;
    }

    /** @param activity is told how far each document is */
    public void setActivity(DocumentActivity activity) {
        this.activity = activity;
    }

    /** @param perPage whether each page of a document is asked about by itself; otherwise all of them together */
    public void setPerPage(boolean perPage) {
        documents.setPerPage(perPage);
    }

    /** Has what an earlier run knew of documents that are not there any more removed, beside the work of this one. */
    public void start() {
        ExecutorService thread =
                camelContext.getExecutorServiceManager().newSingleThreadExecutor(this, "folder-documents");
        thread.execute(() -> {
            try {
                LeftPageFiles.remove(captions, inbox, Instant.now().minus(LEFT_FOR));
            } catch (IOException | RuntimeException e) {
                LOG.warn("What is left of documents in {} cannot be removed: {}", captions, e.toString());
            }
        });
        camelContext.getExecutorServiceManager().shutdown(thread);
    }

    /** To be called before a file is described, when its form is known. */
    public void begin(Exchange exchange) {
        String name = exchange.getMessage().getHeader(Exchange.FILE_NAME, String.class);
        Path file = PageFile.of(captions.resolve(name));
        String id = exchange.getExchangeId();
        PageFile lines = new PageFile(file, () -> order.stepAside(exchange), (answered, wanted) -> {
            order.noteProgress();
            activity.note(id, new DocumentActivity.Document(name, wanted, answered));
        });
        documents.resume(exchange.getMessage(), lines);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onComplete(Exchange over) {
                boolean goesBack = over.getProperty(PictureEnd.GONE) != null;
                close(lines, goesBack);
                activity.leave(id);
            }

            @Override
            public void onFailure(Exchange over) {
                close(lines, true);
                activity.leave(id);
            }
        });
    }

    private static void close(PageFile lines, boolean isKept) {
        try {
            lines.close(isKept);
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", lines, e.toString());
        }
    }

    /** To be called when a file was described. */
    public void end(Exchange exchange) {
        documents.end(exchange.getMessage());
    }
}
