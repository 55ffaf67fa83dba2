package io.github.camelvlm.remote;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Which servers a {@link RemoteEngine} asks, and how.
 *
 * @param servers the base URLs of their APIs, such as {@code http://gpu1:8000/v1}; at least one
 * @param apiKey the key that all of them take, or null for none
 * @param model the name of the model to ask for, or null for the first that a server tells of
 * @param retryTimeout how long a request that has not begun to be answered is tried again
 * @param maxSequences the most answers that a server is thought to make at once
 * @param queueLength the most that are asked of it besides
 */
public record RemoteOptions(
        List<URI> servers, String apiKey, String model, Duration retryTimeout, int maxSequences, int queueLength) {
    public RemoteOptions {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("baseUrl names no server: write one such as http://gpu1:8000/v1");
        }
        if (retryTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "retryTimeout must not be negative, but is " + retryTimeout.toMillis() + " ms");
        }
        requireAtLeast("maxSequences", 1, maxSequences);
        requireAtLeast("queueLength", 0, queueLength);
    }

    private static void requireAtLeast(String name, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", but is " + value);
        }
    }

    /** The most answers that are asked of all servers together. */
    int maxAnswers() {
        return (int) Math.min(Integer.MAX_VALUE, ((long) maxSequences + queueLength) * servers.size());
    }

    /**
     * Reads base URLs that commas separate. One without a path gets {@code /v1}.
     *
     * @throws IllegalArgumentException if one is no http or https URL, or has a user, a query or a fragment
     */
    public static List<URI> servers(String baseUrls) {
        return Arrays.stream(baseUrls.split(","))
                .map(String::strip)
                .filter(url -> !url.isEmpty())
                .map(RemoteOptions::server)
                .distinct()
                .toList();
    }

    private static URI server(String text) {
        try {
            String url = text.replaceAll("/+$", "");
            URI uri = new URI(url);
            boolean isHttp = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (isHttp
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return uri.getRawPath().isEmpty() ? new URI(url + "/v1") : uri;
            }
        } catch (URISyntaxException e) {
            // Told below, without what may be a password.
        }
        throw new IllegalArgumentException(
                "baseUrl must be http or https URLs such as http://gpu1:8000/v1, separated by commas, without user,"
                        + " query and fragment; one of them is not");
    }

    /** These options without the key. */
    @Override
    public String toString() {
        return servers
                + (model == null ? "" : " for model " + model)
                + (apiKey == null ? " without a key" : " with a key");
    }
}
