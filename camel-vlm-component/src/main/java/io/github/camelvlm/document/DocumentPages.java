package io.github.camelvlm.document;

import java.util.Iterator;

/** The pages of a document that are wanted, each made when it is asked for. For one thread. */
public interface DocumentPages extends Iterator<DocumentPage>, AutoCloseable {

    /** How many pages the document has. */
    int count();

    /** The numbers of those that are wanted, from 1, in the order in which they come. */
    int[] wanted();

    /** Passes over the next pages that are wanted, without making them; not more than are left. */
    void skip(int pages);

    /** Lets go of what is only needed while pages are made; the next page takes it up again. */
    void rest();

    /** Lets go of the document. */
    @Override
    void close();
}
