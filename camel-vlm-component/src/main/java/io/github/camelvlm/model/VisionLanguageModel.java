package io.github.camelvlm.model;

/** A loaded model, of whatever family. */
public interface VisionLanguageModel extends AutoCloseable {

    /** Its words: for any thread. */
    ModelWords words();

    /** Its program with its weights: for one thread at a time. */
    ModelProgram program();

    /** Lets go of its memory. */
    @Override
    void close();
}
