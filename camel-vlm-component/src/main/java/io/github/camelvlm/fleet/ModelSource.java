package io.github.camelvlm.fleet;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.VlmEngine;
import java.util.Map;
import java.util.Optional;

/** Where a model comes from that is loaded when it is wanted. Safe for use by many threads. */
public interface ModelSource {

    /** The name that requests ask for it by. */
    String name();

    /** What it will tell of itself, as far as that can be known without loading or downloading it. */
    ModelInfo info();

    /**
     * The same as {@link #need} of a model that is on this machine; empty for one that must be downloaded first.
     *
     * @throws io.github.camelvlm.chat.ModelLoadException if it is neither here nor can be downloaded, or as {@link #need} does
     */
    Optional<Map<String, Long>> foreseen();

    /**
     * The memory that it will take, about: bytes by the name of the device. A model that is not on this machine is downloaded
     * for that.
     *
     * @throws io.github.camelvlm.chat.ModelLoadException if its directory, its files or a device are at fault
     */
    Map<String, Long> need();

    /**
     * Refuses a form that its answers cannot be held to, as far as that can be known without loading it.
     *
     * @throws io.github.camelvlm.chat.InvalidRequestException if it asks for something that is not served, or is too large
     */
    void requireServed(AnswerFormat format);

    /**
     * Loads it.
     *
     * @throws io.github.camelvlm.chat.ModelLoadException if its directory, its files or a device are at fault
     */
    VlmEngine load();
}
