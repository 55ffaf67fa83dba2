package io.github.camelvlm.document;

import java.util.List;
import org.apache.commons.logging.LogFactory;
import org.apache.fontbox.FontBoxFont;
import org.apache.pdfbox.io.RandomAccessRead;
import org.apache.pdfbox.pdmodel.PDDocument;

/** PDFBox, which is an optional dependency. */
final class PdfLibrary {
    private PdfLibrary() {}

    /**
     * A class of each jar that a process needs to render pages.
     *
     * @throws NoClassDefFoundError if PDFBox is not on the class path
     */
    static List<Class<?>> classes() {
        return List.of(
                PageRenderer.class, PDDocument.class, RandomAccessRead.class, FontBoxFont.class, LogFactory.class);
    }
}
