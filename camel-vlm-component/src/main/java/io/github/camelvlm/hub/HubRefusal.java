package io.github.camelvlm.hub;

import java.nio.file.Path;

/** What a hub means by its refusals, and what a user can do about them. */
final class HubRefusal {
    private HubRefusal() {}

    /**
     * @param status of the answer
     * @param code its header {@code X-Error-Code}, by which the Hugging Face Hub tells more, or an empty text
     */
    static ModelDownloadException of(Hub hub, ModelId id, int status, String code) {
        return hub.failure(id, reason(hub, id, status, code), null);
    }

    private static String reason(Hub hub, ModelId id, int status, String code) {
        String key = hub.accessKeyVariable();
        String access = hub.accessKey().isPresent()
                ? "the key in " + key + " opens it not: set that of an account that may read it"
                : "set " + key + " to the access token of an account that may read it";
        if (code.equals("GatedRepo")) {
            return "its licence must be accepted first. Do so at " + hub.page(id) + ", and " + access;
        }
        if (code.equals("RevisionNotFound")) {
            return "there is no revision " + id.revision() + ". Check what follows the @ on " + hub.page(id);
        }
        // The Hugging Face Hub answers 401 also for a model that there is not, so as not to tell of private ones.
        return switch (status) {
            case 401, 403 ->
                hub.name() + " does not give it (status " + status + "). Check its spelling on " + hub.page(id)
                        + "; if it is private, or its licence must be accepted there first, " + access
                        + noDirectory(id);
            case 404 -> "there is no such model or revision. Check its spelling on " + hub.page(id) + noDirectory(id);
            default -> "status " + status + ". See " + hub.page(id);
        };
    }

    /** For those who meant one. */
    private static String noDirectory(ModelId id) {
        return ". A directory " + Path.of(id.toString()).toAbsolutePath() + " is not there either";
    }
}
