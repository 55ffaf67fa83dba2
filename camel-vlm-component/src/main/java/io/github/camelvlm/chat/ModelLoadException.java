package io.github.camelvlm.chat;

/** A model cannot be loaded: its directory, its files or the device are at fault. */
public class ModelLoadException extends VlmException {
    private static final long serialVersionUID = 1L;

    public ModelLoadException(String message) {
        super(message);
    }

    public ModelLoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
