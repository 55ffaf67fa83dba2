package io.github.camelvlm.routes.batch;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which URLs the lines of a batch may name, and which endpoint answers each: the only place that says so. */
final class BatchOperations {
    private static final Map<String, String> ENDPOINTS = Map.of(
            "/v1/chat/completions",
            "vlm:chat?maxImages={{api.max-images}}&maxImageBytes={{api.max-image-bytes}}&timeLimit={{api.time-limit}}");

    private BatchOperations() {}

    static Set<String> urls() {
        return new TreeSet<>(ENDPOINTS.keySet());
    }

    static boolean isKnown(String url) {
        return ENDPOINTS.containsKey(url);
    }

    /** The URI of the endpoint, with placeholders. */
    static String endpoint(String url) {
        return ENDPOINTS.get(url);
    }
}
