package io.github.camelvlm.routes.soak;

/** A way beside HTTP on which pictures come to the application, each of which must be described exactly once. */
interface Source extends AutoCloseable {
    /** Its name in the report. */
    String name();

    /** Brings one picture more, sometimes one that cannot be read. */
    void put() throws Exception;

    /** Takes in what has been described since the last call. */
    void look() throws Exception;

    /** How many pictures have been brought. */
    int brought();

    /** How many of them are described, or set aside as unreadable. */
    int settled();

    /**
     * Tells the tally of each picture that is lost, was described wrongly, or counted twice.
     *
     * @param kills how often the application was killed: each may have repeated what was in hand
     */
    void check(Tally tally, int kills) throws Exception;

    /** Ends the server of its own that it came with, if it has one. */
    @Override
    void close();
}
