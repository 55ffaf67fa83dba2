package io.github.camelvlm.document;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.media.ImageException;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;

/** Opens documents, which have pages. */
public final class Documents {
    private static final byte[] PDF = {'%', 'P', 'D', 'F', '-'};

    /** What may stand before the beginning, as Acrobat takes it. */
    private static final int LONGEST_PREFIX = 1024;

    private Documents() {}

    /** Whether a file is one: a PDF, or a TIFF of several pages. A TIFF of one page is a picture. */
    public static boolean isDocument(byte[] file) {
        return isPdf(file) || TiffPages.count(file) > 1;
    }

    private static boolean isPdf(byte[] file) {
        for (int at = 0; at + PDF.length <= Math.min(file.length, LONGEST_PREFIX); at++) {
            if (Arrays.equals(file, at, at + PDF.length, PDF, 0, PDF.length)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Opens a document.
     *
     * @param name what errors call it
     * @param cancellation ends the processes that read it when it completes
     * @throws ImageException if it is damaged or encrypted, or what reads it is not there
     * @throws InvalidRequestException if pages are asked for that it does not have, or too many
     */
    public static DocumentPages open(
            String name, byte[] file, DocumentOptions options, CompletionStage<?> cancellation) {
        return isPdf(file) ? PdfPages.open(name, file, options, cancellation) : new TiffPages(name, file, options);
    }
}
