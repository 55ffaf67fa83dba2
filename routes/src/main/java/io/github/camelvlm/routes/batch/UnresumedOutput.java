package io.github.camelvlm.routes.batch;

import java.io.IOException;
import java.io.PrintStream;

/** Answers on a stream, of which nothing is left to a later run. */
record UnresumedOutput(PrintStream stream) implements BatchOutput {
    @Override
    public Earlier earlier(String id) {
        return Earlier.NONE;
    }

    @Override
    public void write(String line) throws IOException {
        stream.print(line + "\n");
        stream.flush();
        if (stream.checkError()) {
            throw new IOException("The answers are not read on");
        }
    }
}
