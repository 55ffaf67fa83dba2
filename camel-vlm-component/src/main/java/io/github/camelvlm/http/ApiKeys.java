package io.github.camelvlm.http;

import io.github.camelvlm.dialect.Dialect;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Lets only those in who send a key, {@code Authorization: Bearer KEY} or as the dialect of the request has it. It
 * guards {@code /v1}, {@code /api}, {@code /tokenize}, {@code /detokenize} and {@code /metrics}; without keys it guards
 * nothing.
 */
final class ApiKeys implements Handler<RoutingContext> {
    private static final List<String> GUARDED = List.of("/v1", "/api", "/tokenize", "/detokenize", "/metrics");
    private static final String SCHEME = "bearer ";

    private final List<byte[]> digests;

    /**
     * @param keys the keys, separated by commas; may be blank or null
     * @param file a file with one key per line, lines that begin with {@code #} aside; may be blank or null
     * @throws IllegalArgumentException if the file cannot be read or has no key
     */
    ApiKeys(String keys, String file) {
        Stream<String> given = keys == null ? Stream.empty() : Stream.of(keys.split(","));
        digests = Stream.concat(given, fromFile(file))
                .map(String::strip)
                .filter(key -> !key.isEmpty())
                .map(ApiKeys::digest)
                .toList();
    }

    private static Stream<String> fromFile(String file) {
        if (file == null || file.isBlank()) {
            return Stream.empty();
        }
        List<String> keys;
        try {
            keys = Files.readAllLines(Path.of(file)).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "The file of API keys cannot be read: " + file + ". Name a text file with one key per line", e);
        }
        // An empty file would otherwise open what it was to close.
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "The file of API keys has no key: " + file + ". Write one key per line into it");
        }
        return keys.stream();
    }

    @Override
    public void handle(RoutingContext context) {
        // A browser asks with OPTIONS first, and never sends a key along.
        if (digests.isEmpty()
                || context.request().method() == HttpMethod.OPTIONS
                || !isGuarded(context.normalizedPath())) {
            context.next();
            return;
        }
        Dialect dialect = Dialects.of(context);
        String header = dialect == null ? null : dialect.keyHeader();
        String beside = header == null ? null : context.request().getHeader(header);
        String authorization = context.request().getHeader("Authorization");
        String where = beside == null ? "\"Authorization: Bearer KEY\"" : "\"" + header + ": KEY\"";
        byte[] asked = beside == null ? bearer(authorization) : digest(beside.strip());
        if (authorization == null && beside == null) {
            String other = header == null ? "" : ", or \"" + header + ": KEY\"";
            refuse(context, "An API key is needed: send it as the header " + where + other);
        } else if (!isKnown(asked)) {
            refuse(context, "The API key is not one of this server's: check the header " + where);
        } else {
            RequestLog.of(context.response()).owner(HexFormat.of().formatHex(asked));
            context.next();
        }
    }

    private static boolean isGuarded(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return GUARDED.stream().anyMatch(guarded -> lower.equals(guarded) || lower.startsWith(guarded + "/"));
    }

    /** Whether there are keys. */
    boolean guard() {
        return !digests.isEmpty();
    }

    /** Null if there is none. */
    private static byte[] bearer(String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? digest(authorization.substring(SCHEME.length()).strip())
                : null;
    }

    private boolean isKnown(byte[] asked) {
        if (asked == null) {
            return false;
        }
        // Digests are of one length, and all are compared: the time taken tells nothing of any key.
        boolean known = false;
        for (byte[] digest : digests) {
            known |= MessageDigest.isEqual(digest, asked);
        }
        return known;
    }

    private static void refuse(RoutingContext context, String message) {
        context.response().putHeader("WWW-Authenticate", "Bearer");
        OpenAiErrors.send(context, 401, message, "invalid_request_error", "invalid_api_key");
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }
}
