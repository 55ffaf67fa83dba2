package io.github.camelvlm.exchange;

/**
 * Is told of each page of a document as soon as it is answered, and knows those that an earlier run has answered, so that
 * they are not asked about again. An exchange whose property {@link VlmHeaders#PAGE_LOG} holds one has {@code vlm:describe}
 * ask about each page of a document by itself; what is no document is described as ever. For one exchange.
 */
public interface PageLog {
    /**
     * Begins with a document, or begins again.
     *
     * @param document a digest of all that the answers depend on: the file, what is asked of its pages, and the model
     * @param pages the numbers of the pages that are wanted, from 1, in their order
     * @return how many of them, from the first on, have an answer or a failure already
     */
    int begin(String document, int[] pages);

    /** Notes the next page. */
    void add(PageAnswer page);

    /** Whether any page has an answer, those of an earlier run included. */
    boolean hasAnswer();
}
