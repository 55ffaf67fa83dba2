package io.github.camelvlm.routes.folder;

import io.github.camelvlm.routes.report.Documents;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has each page of a document asked about by itself, and keeps what is known of them in a hidden file beside the captions
 * until the document has left the inbox, so that a crash repeats only pages that were in hand.
 */
public final class FolderDocuments {
    /** No longer than the endings for which the names of pictures leave room. */
    private static final String ENDING = ".pages";

    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    private final Documents documents = new Documents();
    private Path captions;
    private PictureOrder order;

    /** @param folder where captions go; relative to the working directory */
    public void setCaptions(String folder) {
        captions = Path.of(folder).toAbsolutePath().normalize();
    }

    /** @param order in which a document of many pages holds up no pictures that were taken after it */
    public void setOrder(PictureOrder order) {
        this.order = order;
    }

    /** @param perPage whether each page of a document is asked about by itself; otherwise all of them together */
    public void setPerPage(boolean perPage) {
        documents.setPerPage(perPage);
    }

    /** To be called before a file is described, when its form is known. */
    public void begin(Exchange exchange) {
        Path name = Path.of(exchange.getMessage().getHeader(Exchange.FILE_NAME, String.class));
        Path file = captions.resolve(name.resolveSibling("." + name.getFileName() + ENDING));
        PageFile lines = new PageFile(file, () -> order.stepAside(exchange), order::noteProgress);
        documents.resume(exchange.getMessage(), lines);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onComplete(Exchange over) {
                boolean goesBack = over.getProperty(PictureEnd.GONE) != null;
                close(lines, goesBack);
            }

            @Override
            public void onFailure(Exchange over) {
                close(lines, true);
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
