package io.github.camelvlm.routes.folder;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How far the documents are that the folder describes page by page at present. */
public final class DocumentActivity {
    /**
     * A document in hand.
     *
     * @param name its path below the inbox
     * @param pages how many are wanted of it
     * @param answered how many of them are answered, failed ones included
     */
    record Document(String name, int pages, int answered) {}

    private final Map<String, Document> inHand = new LinkedHashMap<>();

    /** @param id of the exchange of the document */
    synchronized void note(String id, Document document) {
        inHand.put(id, document);
    }

    /** What the exchange of this id had in hand is in hand no more; to be called at the end of each. */
    synchronized void leave(String id) {
        inHand.remove(id);
    }

    /** All of them, in the order in which they were begun. */
    synchronized List<Document> documents() {
        return List.copyOf(inHand.values());
    }
}
