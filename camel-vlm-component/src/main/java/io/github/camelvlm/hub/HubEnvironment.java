package io.github.camelvlm.hub;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The variables that huggingface_hub reads, with the same meaning (its page "Environment variables"). An empty one counts
 * as unset.
 */
record HubEnvironment(Map<String, String> variables) {
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

    Optional<String> value(String variable) {
        return Optional.ofNullable(variables.get(variable)).map(String::strip).filter(value -> !value.isEmpty());
    }

    boolean isTrue(String variable) {
        return value(variable)
                .map(value -> value.toUpperCase(Locale.ROOT))
                .filter(TRUE::contains)
                .isPresent();
    }

    /** Whether nothing may be fetched. */
    boolean isOffline() {
        return isTrue("HF_HUB_OFFLINE") || isTrue("TRANSFORMERS_OFFLINE");
    }

    private Optional<Path> path(String variable) {
        return value(variable).map(path -> HomePath.of(path, variables));
    }

    /** {@code HF_HOME}, else {@code XDG_CACHE_HOME/huggingface}, else {@code ~/.cache/huggingface}. */
    Path home() {
        return path("HF_HOME")
                .orElseGet(() -> path("XDG_CACHE_HOME")
                        .orElseGet(() -> HomePath.of("~/.cache", variables))
                        .resolve("huggingface"));
    }

    /** {@code HF_HUB_CACHE}, else {@code HUGGINGFACE_HUB_CACHE}, its former name, else {@code hub} in {@link #home}. */
    Path cache() {
        return path("HF_HUB_CACHE").or(() -> path("HUGGINGFACE_HUB_CACHE")).orElseGet(() -> home().resolve("hub"));
    }

    /**
     * {@code HF_TOKEN}, else {@code HUGGING_FACE_HUB_TOKEN}, its former name, else what {@code hf auth login} has left in
     * {@code HF_TOKEN_PATH} or in {@code token} in {@link #home}, unless {@code HF_HUB_DISABLE_IMPLICIT_TOKEN} forbids it.
     *
     * @throws ModelDownloadException if it cannot be a key
     */
    Optional<String> accessKey() {
        return value("HF_TOKEN")
                .or(() -> value("HUGGING_FACE_HUB_TOKEN"))
                .map(key -> requireKey(key, "HF_TOKEN"))
                .or(() -> isTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN") ? Optional.empty() : storedKey());
    }

    private Optional<String> storedKey() {
        Path file = path("HF_TOKEN_PATH").orElseGet(() -> home().resolve("token"));
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file).strip())
                    .filter(key -> !key.isEmpty())
                    .map(key -> requireKey(key, file.toString()));
        } catch (IOException e) {
            throw new ModelDownloadException(
                    "the key in " + file + " cannot be read: make it readable, or set HF_TOKEN", e);
        }
    }

    /** The key goes into a header, where a line break would begin another one. */
    static String requireKey(String key, String place) {
        if (!key.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new ModelDownloadException("what " + place
                    + " holds cannot be an access key: it has blanks or other than ASCII letters, digits"
                    + " and signs. Copy it again from the settings of your account");
        }
        return key;
    }

    /**
     * Where a hub is.
     *
     * @throws ModelDownloadException if the variable does not hold an http or https URL
     */
    URI endpoint(String variable, String otherwise) {
        String text = value(variable).orElse(otherwise).replaceFirst("/+$", "");
        try {
            URI uri = new URI(text);
            boolean isHttp = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            if (isHttp && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Told below, as any other text that is no URL.
        }
        throw new ModelDownloadException(
                variable + " must be a URL such as " + otherwise + ", without a user name, but is " + text);
    }
}
