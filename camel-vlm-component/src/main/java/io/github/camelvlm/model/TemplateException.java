package io.github.camelvlm.model;

/** A template cannot be rendered. */
final class TemplateException extends Exception {
    private static final long serialVersionUID = 1L;

    TemplateException(String message, Throwable cause) {
        super(message, cause);
    }
}
