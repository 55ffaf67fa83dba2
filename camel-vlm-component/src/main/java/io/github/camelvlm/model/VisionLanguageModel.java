package io.github.camelvlm.model;

import java.util.Map;

/** A loaded model, of whatever family. */
public interface VisionLanguageModel extends AutoCloseable {

    /** Its words: for any thread. */
    ModelWords words();

    /** Its program with its weights: for one thread at a time. */
    ModelProgram program();

    /** The adapters beside it, by the names that requests give them. */
    Map<String, ModelAdapter> adapters();

    /** Lets go of its memory. */
    @Override
    void close();
}
