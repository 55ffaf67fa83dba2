package io.github.camelvlm.routes.report;

/** Where what is known of a document's pages is kept, a line a page, for a run after a crash. */
public interface PageLines {
    /** Keeps nothing. */
    PageLines NONE = new PageLines() {
        @Override
        public void begin() {}

        @Override
        public String earlier(String beginning) {
            return null;
        }

        @Override
        public void write(String line) {}

        @Override
        public void note(int answered, int wanted) {}
    };

    /** Begins with the first line, or begins again. */
    void begin();

    /** The next line of an earlier run if it begins so, otherwise null. */
    String earlier(String beginning);

    /** Writes the next line, behind those of the earlier run that were asked for. */
    void write(String line);

    /**
     * Is told how far the document is: at its beginning, and with each page.
     *
     * @param answered how many pages are answered, failed ones and those of the earlier run included
     * @param wanted how many will be
     */
    void note(int answered, int wanted);
}
