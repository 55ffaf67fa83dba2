package io.github.camelvlm.routes.folder;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Files whose names are no text in UTF-8, as old archives have them. Java's texts cannot name such a file: it is listed
 * under a name that leads nowhere. It is set aside under another one.
 */
public final class UnnamableFiles {
    /** What Java writes for bytes that are no text. */
    private static final char NO_TEXT = '\uFFFD';

    private static final String REASON =
            "its name is no UTF-8, so that no caption can be named after it: rename it, and put"
                    + " it into the inbox again";

    private Path inbox;
    private FolderTurn turn;
    private PictureEnd end;
    private Progress progress;

    /** @param inbox the folder below which files are named; relative to the working directory */
    public void setInbox(String inbox) {
        this.inbox = Path.of(inbox).toAbsolutePath().normalize();
    }

    /** @param turn held while a file moves */
    public void setTurn(FolderTurn turn) {
        this.turn = turn;
    }

    public void setEnd(PictureEnd end) {
        this.end = end;
    }

    /** @param progress counts what is set aside */
    public void setProgress(Progress progress) {
        this.progress = progress;
    }

    /** Whether a file is only the text that Java makes of the name of another one. */
    boolean areMeantBy(File listed) {
        return listed.getName().indexOf(NO_TEXT) >= 0 && !listed.exists();
    }

    /**
     * Moves the files that are listed under such a name to those that failed. Directories stay.
     *
     * @throws IOException if one cannot be moved
     */
    void setAside(File listed) throws IOException, InterruptedException {
        Path folder = listed.toPath().toAbsolutePath().normalize().getParent();
        turn.take();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String text = file.getFileName().toString();
                if (text.equals(listed.getName()) && !file.equals(Path.of(file.toString()))) {
                    setAside(file, inbox.relativize(folder).resolve(text.replace(NO_TEXT, '_')));
                }
            }
        } finally {
            turn.giveBack();
        }
    }

    private void setAside(Path file, Path name) throws IOException {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("it is a directory whose name is no UTF-8: rename it");
        }
        SummaryRow row = SummaryRow.ofFailure(
                name.toString(),
                REASON,
                Files.exists(file) ? Files.size(file) : 0,
                Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis());
        end.setAside(file, name.toString(), REASON, row);
        progress.countFailed();
    }
}
