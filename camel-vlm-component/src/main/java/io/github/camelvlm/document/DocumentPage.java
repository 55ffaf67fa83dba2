package io.github.camelvlm.document;

import io.github.camelvlm.chat.EncodedImage;

/**
 * A page of a document.
 *
 * @param number from 1
 * @param picture what it looks like; null if it cannot be rendered
 * @param failure why it cannot, in a sentence that names it; null if it can
 */
public record DocumentPage(int number, EncodedImage picture, String failure) {
    /** Why a page has no picture that was made and cannot be held. */
    static final String NO_MEMORY = "it takes more memory than there is: raise -Xmx, or lower dpi or maxPixels";

    /** What errors call a page. */
    static String name(int number, String document) {
        return "page " + number + " of document " + document;
    }

    /**
     * A page that cannot be rendered.
     *
     * @param reason why, as the end of a sentence
     */
    static DocumentPage failed(int number, String document, String reason) {
        return new DocumentPage(number, null, name(number, document) + " cannot be rendered, " + reason);
    }
}
