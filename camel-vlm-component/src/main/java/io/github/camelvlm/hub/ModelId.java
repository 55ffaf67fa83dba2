package io.github.camelvlm.hub;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a model on the Hugging Face Hub, such as {@code Qwen/Qwen2-VL-2B-Instruct} or, with a revision,
 * {@code Qwen/Qwen2-VL-2B-Instruct@main}.
 *
 * <p>Both become names of folders in the cache, so only what the Hub itself allows passes: nothing climbs out of it.
 *
 * @param organization whose model it is
 * @param name the model's own name
 * @param revision a branch, a tag, a reference such as {@code refs/pr/1}, or the 40 digits of a commit
 */
record ModelId(String organization, String name, String revision) {
    static final String DEFAULT_REVISION = "main";

    // The rules of huggingface_hub's validate_repo_id: at most 96 characters, "-" and "." neither first nor last,
    // neither "--" nor ".." within, no ".git" at the end.
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?");

    /** @return empty if {@code text} cannot be the name of a model on the Hub */
    static Optional<ModelId> parse(String text) {
        int at = text.indexOf('@');
        String id = at < 0 ? text : text.substring(0, at);
        String revision = at < 0 ? DEFAULT_REVISION : text.substring(at + 1);
        String[] segments = id.split("/", -1);
        if (segments.length != 2
                || id.contains("--")
                || id.endsWith(".git")
                || !areSafe(segments)
                || !areSafe(revision.split("/", -1))) {
            return Optional.empty();
        }
        return Optional.of(new ModelId(segments[0], segments[1], revision));
    }

    private static boolean areSafe(String[] segments) {
        return Arrays.stream(segments)
                .allMatch(segment -> SEGMENT.matcher(segment).matches() && !segment.contains(".."));
    }

    /** The name without the revision. */
    String repository() {
        return organization + "/" + name;
    }

    /** The name as users write it, with the revision unless it is the default one. */
    @Override
    public String toString() {
        return revision.equals(DEFAULT_REVISION) ? repository() : repository() + "@" + revision;
    }

    /** The name of the model's folder in the cache. */
    String cacheFolder() {
        return "models--" + organization + "--" + name;
    }
}
