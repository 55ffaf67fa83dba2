package io.github.camelvlm.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Optional;

/** The URL scheme of a site that models are fetched from. */
interface Hub {
    /** What people call the site. */
    String name();

    /** Where it is; the only place that ever sees the key. */
    URI endpoint();

    /** The key that is sent to the endpoint. */
    Optional<String> accessKey();

    /** The variable that the key comes from. */
    String accessKeyVariable();

    /** Where people read about a model, and accept its licence. */
    URI page(ModelId id);

    /** What tells the commit and the files of a model. */
    URI listing(ModelId id);

    /**
     * Reads the answer to {@link #listing}. Files whose size or hash it does not tell are left out.
     *
     * @throws ModelDownloadException if it is not a listing
     */
    RemoteModel read(ModelId id, JsonNode listing);

    /** Where the bytes of a file are. */
    URI file(ModelId id, RemoteModel model, RemoteFile file);

    /** @param problem what happened, and what to do */
    default ModelDownloadException failure(ModelId id, String problem, Throwable cause) {
        return new ModelDownloadException(
                "model " + id + " cannot be fetched from " + endpoint() + ": " + problem, cause);
    }
}
