package io.github.camelvlm.http;

/** A request from elsewhere for what is told on this machine alone. */
final class NotFromHereException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotFromHereException() {
        super(
                "As long as no API key is set, this is shown only on the machine that the server runs on, at localhost and"
                        + " without a proxy: set API_KEY there, and send that key");
    }
}
