package io.github.camelvlm.routes.folder;

import io.github.camelvlm.routes.report.Documents;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a picture: its row is written, and it moves. Both are steps of one turn, see {@link PictureOrder}, so that a
 * row and its picture can be told to belong together after a crash.
 */
public final class PictureEnd {
    /** The exchange property that says why a picture cannot be described. */
    static final String FAILURE = "failure";

    /** The exchange property that says that a picture has gone by itself, or back. */
    static final String GONE = "gone";

    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    private PictureFolder done;
    private PictureFolder failed;
    private Summary summary;
    private FolderClaims claims;
    private FolderTurn turn;
    private FolderActivity activity = new FolderActivity();

    /** @param done where pictures go that were described */
    public void setDone(PictureFolder done) {
        this.done = done;
    }

    /** @param failed where pictures go that cannot be described, with the reason beside them */
    public void setFailed(PictureFolder failed) {
        this.failed = failed;
    }

    public void setSummary(Summary summary) {
        this.summary = summary;
    }

    /** @param turn the one in which pictures end */
    public void setTurn(FolderTurn turn) {
        this.turn = turn;
    }

    /** @param activity is told of each picture that has ended */
    public void setActivity(FolderActivity activity) {
        this.activity = activity;
    }

    public void setClaims(FolderClaims claims) {
        this.claims = claims;
    }

    /**
     * Refuses a picture whose name leaves no room for those of the files that belong to it.
     *
     * @throws io.github.camelvlm.chat.InvalidRequestException if it is too long
     */
    public void requireName(@Header(Exchange.FILE_NAME) String name) {
        FileNames.requireRoom(name);
    }

    /**
     * Moves a picture that was described.
     *
     * @param caption what was said of it
     * @throws GenericFileOperationFailedException if it cannot be moved, or its row cannot be written; then nothing was done
     */
    public void done(
            @Body String caption,
            @ExchangeProperty(FolderClaims.IN_HAND) Path picture,
            @Header(Exchange.FILE_NAME) String name,
            Exchange exchange) {
        if (isGone(picture, name, exchange)) {
            return;
        }
        try {
            Path place = done.makeRoom(name, picture);
            end(picture, place, SummaryRow.of(exchange.getMessage(), caption, failedPages(exchange)));
        } catch (IOException e) {
            throw new GenericFileOperationFailedException("Cannot move " + name + " to those that are done", e);
        }
    }

    private static String failedPages(Exchange exchange) {
        List<String> failures = Documents.failures(exchange.getMessage());
        return failures.isEmpty() ? null : String.join("; ", failures);
    }

    /**
     * Puts a picture back into the inbox.
     *
     * @throws IOException if it cannot be moved
     */
    public void putBack(@ExchangeProperty(FolderClaims.IN_HAND) Path picture, Exchange exchange) throws IOException {
        claims.putBack(picture);
        exchange.setProperty(GONE, true);
    }

    /**
     * Sets a picture aside that cannot be described.
     *
     * @param reason why
     * @throws GenericFileOperationFailedException if it cannot be moved, or its row cannot be written
     */
    public void failed(
            @ExchangeProperty(FAILURE) String reason,
            @ExchangeProperty(FolderClaims.IN_HAND) Path picture,
            @Header(Exchange.FILE_NAME) String name,
            Exchange exchange) {
        if (isGone(picture, name, exchange)) {
            return;
        }
        Message message = exchange.getMessage();
        try {
            setAside(picture, name, reason, SummaryRow.of(message, null, reason));
        } catch (IOException e) {
            throw new GenericFileOperationFailedException("Cannot move " + name + " to those that failed", e);
        }
    }

    /**
     * Sets a file aside, the reason first, so that none is there without one.
     *
     * @param name its path below the inbox
     */
    void setAside(Path file, String name, String reason, SummaryRow row) throws IOException {
        LOG.warn("{} cannot be described: {}", name, reason);
        String plain = Path.of(name).getFileName().toString();
        try {
            setAside(file, failed.makeRoom(name, file), name, reason, row);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            // Such as a path that is too long where the inbox is mirrored.
            setAside(file, failed.makeRoom(plain, file), name, reason, row);
        }
    }

    private void setAside(Path file, Path place, String name, String reason, SummaryRow row) throws IOException {
        Path hidden = place.resolveSibling("." + place.getFileName() + PictureFolder.REASON);
        Files.writeString(hidden, name + " cannot be described: " + reason);
        PictureFolder.move(hidden, PictureFolder.reason(place));
        end(file, place, row);
    }

    private void end(Path picture, Path place, SummaryRow row) throws IOException {
        claims.takeBackUnfinishedRow();
        turn.begin();
        boolean isOver = false;
        try {
            summary.add(row);
            PictureFolder.move(picture, place);
            isOver = true;
        } finally {
            if (!isOver) {
                summary.takeBack(claims.inHand());
            }
            turn.finish();
        }
        activity.note(row, place);
    }

    private static boolean isGone(Path picture, String name, Exchange exchange) {
        boolean isGone = !Files.exists(picture, LinkOption.NOFOLLOW_LINKS);
        if (isGone) {
            LOG.warn("{} has gone while it was in hand, and is passed over", name);
            exchange.setProperty(GONE, true);
        }
        return isGone;
    }
}
