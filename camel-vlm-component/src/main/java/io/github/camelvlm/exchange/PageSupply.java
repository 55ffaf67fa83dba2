package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.document.DocumentPage;
import io.github.camelvlm.document.DocumentPages;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The pages of a document, made a few at a time as they are asked about, and held until they are answered: so a document of
 * many pages begins with its first, and takes no more memory than a short one. For one thread.
 */
final class PageSupply implements AutoCloseable {
    /** So many are made at a time: what makes them takes memory too, and starts anew after the pause. */
    private static final int AT_A_TIME = 8;

    private final Iterator<DocumentPage> pages;
    private final Runnable rest;
    private final Runnable close;
    private final PageMemory.Share memory;
    private final Deque<DocumentPage> made = new ArrayDeque<>();

    /** One for which there was no room. */
    private DocumentPage waiting;

    /**
     * @param pages this one's to close from now on
     * @param memory that pages take; as well
     */
    PageSupply(DocumentPages pages, PageMemory.Share memory) {
        this(pages, pages::rest, pages::close, memory);
    }

    /** @param picture the only page; it is in memory anyway */
    PageSupply(EncodedImage picture) {
        this(
                List.of(new DocumentPage(1, picture, null)).iterator(),
                () -> {},
                () -> {},
                new PageMemory(Long.MAX_VALUE).share());
    }

    private PageSupply(Iterator<DocumentPage> pages, Runnable rest, Runnable close, PageMemory.Share memory) {
        this.pages = pages;
        this.rest = rest;
        this.close = close;
        this.memory = memory;
    }

    /** Whether there is a page more. */
    boolean hasNext() {
        return !made.isEmpty() || waiting != null || pages.hasNext();
    }

    /**
     * The next page, which may be one that cannot be rendered.
     *
     * @throws QueueFullException if there is no memory for it at present; it can be asked for again
     */
    DocumentPage next() {
        if (made.isEmpty()) {
            make();
        }
        if (made.isEmpty()) {
            throw memory.full();
        }
        return made.remove();
    }

    private void make() {
        do {
            DocumentPage page = waiting == null ? fitting(pages.next()) : waiting;
            waiting = memory.tryTake(bytes(page)) ? null : page;
            if (waiting == null) {
                made.add(page);
            }
        } while (waiting == null && made.size() < AT_A_TIME && pages.hasNext());
        rest.run();
    }

    /** A page for which there will never be room cannot be shown. */
    private DocumentPage fitting(DocumentPage page) {
        return bytes(page) <= memory.most()
                ? page
                : new DocumentPage(
                        page.number(),
                        null,
                        page.picture().name() + " takes " + (bytes(page) >> 10)
                                + " kB, but the pages of all documents may"
                                + " take no more than " + (memory.most() >> 10) + " kB: raise -Xmx, or lower dpi or"
                                + " maxPixels");
    }

    private static long bytes(DocumentPage page) {
        return page.picture() == null ? 0 : page.picture().bytes().length;
    }

    /** A page is needed no more. */
    void giveBack(DocumentPage page) {
        memory.giveBack(bytes(page));
    }

    /** Lets go of what is only needed while pages are made. */
    void rest() {
        rest.run();
    }

    @Override
    public void close() {
        Closing.all(close, memory::close);
    }
}
