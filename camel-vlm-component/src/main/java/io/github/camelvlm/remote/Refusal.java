package io.github.camelvlm.remote;

import com.fasterxml.jackson.databind.JsonNode;

/** A server answers with a status that tells of an error. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String retryAfter;
    private final transient JsonNode body;

    /**
     * @param status the HTTP status
     * @param retryAfter the header of this name, or null
     * @param body the JSON that came with it; a missing node if it was none
     */
    Refusal(int status, String retryAfter, JsonNode body) {
        super("status " + status);
        this.status = status;
        this.retryAfter = retryAfter;
        this.body = body;
    }

    int status() {
        return status;
    }

    String retryAfter() {
        return retryAfter;
    }

    JsonNode body() {
        return body;
    }
}
