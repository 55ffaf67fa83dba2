package io.github.camelvlm.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * ModelScope, by the two requests that its own Python client makes: {@code /api/v1/models/{id}/repo/files} and
 * {@code /api/v1/models/{id}/repo}. It tells the SHA-256 of every file.
 *
 * <p>Its listing names no commit for sure, so a branch or tag gets one made of its files: the SHA-1 of their names and
 * hashes. The model lies in the Hugging Face cache like any other.
 */
record ModelScopeHub(URI endpoint, Optional<String> accessKey) implements Hub {
    private static final String DEFAULT_BRANCH = "master";
    private static final String SITE = "https://www.modelscope.cn";

    static ModelScopeHub of(HubEnvironment environment) {
        // ModelScope's own client takes a host here, without the scheme.
        URI endpoint = environment
                .value("MODELSCOPE_DOMAIN")
                .filter(domain -> !domain.contains("://"))
                .map(domain -> new HubEnvironment(Map.of("MODELSCOPE_DOMAIN", "https://" + domain)))
                .orElse(environment)
                .endpoint("MODELSCOPE_DOMAIN", SITE);
        return new ModelScopeHub(
                endpoint,
                environment
                        .value("MODELSCOPE_API_TOKEN")
                        .map(key -> HubEnvironment.requireKey(key, "MODELSCOPE_API_TOKEN")));
    }

    @Override
    public String name() {
        return "ModelScope";
    }

    @Override
    public String accessKeyVariable() {
        return "MODELSCOPE_API_TOKEN";
    }

    @Override
    public URI page(ModelId id) {
        return URI.create(endpoint + "/models/" + id.repository());
    }

    @Override
    public URI listing(ModelId id) {
        return URI.create(endpoint + "/api/v1/models/" + id.repository() + "/repo/files?Revision=" + revision(id)
                + "&Recursive=false");
    }

    /** Its default branch has another name than the Hub's. */
    private static String revision(ModelId id) {
        String revision = id.revision().equals(ModelId.DEFAULT_REVISION) ? DEFAULT_BRANCH : id.revision();
        return revision.replace("/", "%2F");
    }

    @Override
    public RemoteModel read(ModelId id, JsonNode listing) {
        if (!listing.path("Data").isObject()) {
            throw failure(
                    id, "it does not answer as ModelScope does. Check MODELSCOPE_DOMAIN, and proxies on the way", null);
        }
        // For a revision that it does not know, the answer is 200 and no files.
        JsonNode entries = listing.path("Data").path("Files");
        if (!entries.isArray() || entries.isEmpty()) {
            throw failure(
                    id,
                    "there is no revision " + revision(id) + ", or nothing in it. Check what follows the @ on "
                            + page(id),
                    null);
        }
        Map<String, RemoteFile> files = new HashMap<>();
        for (JsonNode entry : entries) {
            String name = entry.path("Path").asText();
            long size = entry.path("Size").asLong(-1);
            BlobHash.parse(BlobHash.Kind.SHA256, entry.path("Sha256").asText())
                    .filter(hash -> size >= 0 && !entry.path("Type").asText().equals("tree"))
                    .ifPresent(hash -> files.put(name, new RemoteFile(name, size, hash)));
        }
        return new RemoteModel(HubCache.isCommit(id.revision()) ? id.revision() : commit(files), files);
    }

    private static String commit(Map<String, RemoteFile> files) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(files)
                .forEach((name, file) ->
                        text.append(file.hash().hex()).append(' ').append(name).append('\n'));
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    @Override
    public URI file(ModelId id, RemoteModel model, RemoteFile file) {
        return URI.create(endpoint + "/api/v1/models/" + id.repository() + "/repo?Revision=" + revision(id)
                + "&FilePath=" + file.name());
    }
}
