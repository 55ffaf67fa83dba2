package io.github.camelvlm.routes.folder;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.routes.batch.Batches;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.apache.camel.support.SynchronizationAdapter;

/** Answers the files of requests that are put into the folder, beside the captions, and moves them as pictures are. */
public final class FolderBatches {
    private static final String ENDING = ".output.jsonl";

    /** In bytes, with the dot of the hidden name. */
    private static final int LONGEST_NAME = 255 - 1 - ENDING.length();

    private Batches batches;
    private Path captions;
    private PictureFolder done;
    private PictureOrder order;
    private PictureOrder batchOrder;
    private BatchActivity activity;

    public void setBatches(Batches batches) {
        this.batches = batches;
    }

    /** @param captions the folder of the answers; relative to the working directory */
    public void setCaptions(String captions) {
        this.captions = Path.of(captions).toAbsolutePath().normalize();
    }

    /** @param done where files go that were answered */
    public void setDone(PictureFolder done) {
        this.done = done;
    }

    /** @param order the one in which files end */
    public void setOrder(PictureOrder order) {
        this.order = order;
    }

    /** @param batchOrder knows how long batches have stood still */
    public void setBatchOrder(PictureOrder batchOrder) {
        this.batchOrder = batchOrder;
    }

    /** @param activity is told how far each file is */
    public void setActivity(BatchActivity activity) {
        this.activity = activity;
    }

    /**
     * To be called first.
     *
     * @throws InvalidRequestException if the file's name leaves no room for that of its answers
     */
    public void begin(@Header(Exchange.FILE_NAME) String name, Exchange exchange) {
        // Else the turn in which it ends would be kept.
        order.leaveAtTheEnd(exchange);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange over) {
                activity.leave();
            }
        });
        int length = Path.of(name).getFileName().toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_NAME) {
            throw new InvalidRequestException(
                    "the file's name",
                    "has " + length + " bytes, more than the " + LONGEST_NAME + " that leave room for " + ENDING
                            + ": give it a shorter one");
        }
    }

    /**
     * Answers a file, from where an earlier run was cut off.
     *
     * @throws GenericFileOperationFailedException if a file cannot be read or written; to be called again then
     * @throws InterruptedException if the application stops; the file goes back then
     */
    public void answer(@ExchangeProperty(FolderClaims.IN_HAND) Path file, @Header(Exchange.FILE_NAME) String name)
            throws InterruptedException {
        Path plain = Path.of(name);
        try {
            activity.begin(name, count(file, name));
            Path output = captions.resolve(plain.resolveSibling(plain.getFileName() + ENDING));
            batches.answer(file, output, name, count -> {
                activity.note(count);
                batchOrder.noteProgress();
            });
        } catch (IOException e) {
            throw new GenericFileOperationFailedException(
                    "Cannot write the answers to " + name + ": " + reason(e)
                            + ". They go on where they end once the folder of captions has room and can be written",
                    e);
        }
    }

    private long count(Path file, String name) {
        try {
            return batches.count(file);
        } catch (IOException e) {
            throw new GenericFileOperationFailedException("Cannot read " + name + ": " + reason(e), e);
        }
    }

    /** Without paths of this machine: the page shows it. */
    private static String reason(IOException failure) {
        return failure instanceof FileSystemException fault
                ? Objects.requireNonNullElse(fault.getReason(), fault.getClass().getSimpleName())
                : failure.getMessage();
    }

    /**
     * Moves a file that was answered.
     *
     * @throws GenericFileOperationFailedException if it cannot be moved
     */
    public void done(@ExchangeProperty(FolderClaims.IN_HAND) Path file, @Header(Exchange.FILE_NAME) String name) {
        try {
            PictureFolder.move(file, done.makeRoom(name, file));
            activity.end();
        } catch (IOException e) {
            throw new GenericFileOperationFailedException("Cannot move " + name + " to those that are done", e);
        }
    }
}
