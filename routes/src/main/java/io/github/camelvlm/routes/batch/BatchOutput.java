package io.github.camelvlm.routes.batch;

import java.io.IOException;

/** Where the answers of a batch go, in the order of its lines. */
interface BatchOutput {
    /** What is known of a line's answer. */
    enum Earlier {
        NONE,
        ANSWERED,
        FAILED
    }

    /** Whether an earlier run has answered the line that is next; once one has not, none has. */
    Earlier earlier(String id) throws IOException;

    /** Writes the next line; of one that could not be written whole nothing counts. */
    void write(String line) throws IOException;
}
