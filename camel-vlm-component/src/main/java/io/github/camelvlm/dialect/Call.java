package io.github.camelvlm.dialect;

import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A request as it came.
 *
 * @param method such as {@code POST}
 * @param path such as {@code /v1/messages}, without a query
 * @param body what the client sent, decoded
 * @param owner the same for all requests with one API key, and another for each key, but not the key itself; empty where
 *     keys are not asked for
 * @param headers gives the value of a header, whose name is written in any case; null where there is none
 */
public record Call(String method, String path, byte[] body, String owner, UnaryOperator<String> headers) {
    public Call {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(headers, "headers");
    }
}
