package io.github.camelvlm.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The Hugging Face Hub, or a mirror that {@code HF_ENDPOINT} names (API reference of the Hub, {@code GET
 * /api/models/{id}/revision/{revision}?blobs=true}).
 */
record HuggingFaceHub(URI endpoint, Optional<String> accessKey) implements Hub {
    static HuggingFaceHub of(HubEnvironment environment) {
        return new HuggingFaceHub(
                environment.endpoint("HF_ENDPOINT", "https://huggingface.co"), environment.accessKey());
    }

    @Override
    public String name() {
        return "the Hugging Face Hub";
    }

    @Override
    public String accessKeyVariable() {
        return "HF_TOKEN";
    }

    @Override
    public URI page(ModelId id) {
        return URI.create(endpoint + "/" + id.repository());
    }

    @Override
    public URI listing(ModelId id) {
        // Only letters, digits, "_", "-", "." and "/" pass ModelId.
        String revision = id.revision().replace("/", "%2F");
        return URI.create(endpoint + "/api/models/" + id.repository() + "/revision/" + revision + "?blobs=true");
    }

    @Override
    public RemoteModel read(ModelId id, JsonNode listing) {
        String commit = listing.path("sha").asText();
        if (!HubCache.isCommit(commit) || !listing.path("siblings").isArray()) {
            throw failure(id, "it does not answer as a hub does. Check HF_ENDPOINT, and proxies on the way", null);
        }
        Map<String, RemoteFile> files = new HashMap<>();
        for (JsonNode sibling : listing.path("siblings")) {
            String name = sibling.path("rfilename").asText();
            long size = sibling.path("size").asLong(-1);
            hash(sibling)
                    .filter(hash -> size >= 0)
                    .ifPresent(hash -> files.put(name, new RemoteFile(name, size, hash)));
        }
        return new RemoteModel(commit, files);
    }

    private static Optional<BlobHash> hash(JsonNode sibling) {
        JsonNode lfs = sibling.path("lfs").path("sha256");
        return lfs.isTextual()
                ? BlobHash.parse(BlobHash.Kind.SHA256, lfs.textValue())
                : BlobHash.parse(BlobHash.Kind.GIT, sibling.path("blobId").asText());
    }

    @Override
    public URI file(ModelId id, RemoteModel model, RemoteFile file) {
        return URI.create(endpoint + "/" + id.repository() + "/resolve/" + model.commit() + "/" + file.name());
    }
}
