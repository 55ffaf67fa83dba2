package io.github.camelvlm.routes.folder;

import io.github.camelvlm.routes.batch.ResumableLines;
import io.github.camelvlm.routes.report.PageLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.camel.component.file.GenericFileOperationFailedException;

/**
 * The pages of a document in a file, which is there as long as the document is in hand, and after a crash. Where another
 * document of the same name is in hand, this one is answered without.
 */
final class PageFile implements PageLines {
    /** No longer than the endings for which the names of pictures leave room. */
    private static final String ENDING = ".pages";

    private final Path file;
    private final Runnable begun;
    private final Told told;
    /** Is told how far a document is. */
    @FunctionalInterface
    interface Told {
        void told(int answered, int wanted);
    }

    private Optional<ResumableLines> lines = Optional.empty();

    /**
     * @param begun is run when a document begins, before its pages are made
     * @param told of each page that was answered
     */
    PageFile(Path file, Runnable begun, Told told) {
        this.file = file;
        this.begun = begun;
        this.told = told;
    }

    /**
     * Where the pages of a document are.
     *
     * @param document its path, with the folder of captions in place of the inbox
     */
    static Path of(Path document) {
        return document.resolveSibling("." + document.getFileName() + ENDING);
    }

    /** Whether a file is named as one. */
    static boolean isOne(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(".") && name.endsWith(ENDING) && name.length() > 1 + ENDING.length();
    }

    /** The document of such a file. */
    static Path document(Path file) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(1, name.length() - ENDING.length()));
    }

    @Override
    public void begin() {
        begun.run();
        try {
            close(true);
            lines = ResumableLines.resume(file);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public String earlier(String beginning) {
        try {
            return lines.isPresent() ? lines.get().earlier(beginning) : null;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void write(String line) {
        try {
            if (lines.isPresent()) {
                lines.get().write(line);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void note(int answered, int wanted) {
        told.told(answered, wanted);
    }

    private GenericFileOperationFailedException failed(IOException e) {
        return new GenericFileOperationFailedException("Cannot write what is known of the pages to " + file, e);
    }

    /**
     * Lets go of the file.
     *
     * @param isKept whether it stays for a later run
     */
    void close(boolean isKept) throws IOException {
        if (lines.isPresent()) {
            ResumableLines left = lines.get();
            lines = Optional.empty();
            try {
                // While it is locked: it is no other run's.
                if (!isKept) {
                    Files.deleteIfExists(file);
                }
            } finally {
                left.close();
            }
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
