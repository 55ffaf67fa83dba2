package io.github.camelvlm.routes.soak;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningS3;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** Pictures that are put into a bucket. */
final class BucketSource implements Source {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CAPTIONS = "captions";
    private static final int EVERY_BROKEN = 10;

    private final RunningS3 s3 = new RunningS3();
    private final List<String> goldens = List.copyOf(Goldens.descriptions().keySet());
    private final Map<String, String> expected = new LinkedHashMap<>();
    private final Set<String> settled = new HashSet<>();

    BucketSource() {
        // The server keeps what is written over: a picture described twice has two captions.
        s3.client().createBucket(request -> request.bucket(CAPTIONS));
        s3.client()
                .putBucketVersioning(request -> request.bucket(CAPTIONS)
                        .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
    }

    /** What the application needs to be told to use the bucket. */
    Map<String, String> environment() {
        return Map.ofEntries(
                Map.entry("VLM_S3", "true"),
                Map.entry("S3_ENDPOINT", s3.endpoint()),
                Map.entry("S3_PATH_STYLE", "true"),
                Map.entry("S3_REGION", "us-east-1"),
                Map.entry("S3_BUCKET", RunningS3.BUCKET),
                Map.entry("S3_PREFIX", "in/"),
                Map.entry("S3_CAPTIONS_BUCKET", CAPTIONS),
                Map.entry("S3_CAPTIONS", ""),
                Map.entry("S3_CLAIM_TIME", "20s"),
                Map.entry("S3_DELAY", "1s"),
                Map.entry("AWS_ACCESS_KEY_ID", "me"),
                Map.entry("AWS_SECRET_ACCESS_KEY", "secret"));
    }

    @Override
    public String name() {
        return "S3";
    }

    @Override
    public void put() throws IOException {
        int number = expected.size();
        String golden = goldens.get(number % goldens.size());
        boolean broken = number % EVERY_BROKEN == EVERY_BROKEN - 1;
        String key = String.format("in/%06d-", number) + golden;
        expected.put(key, broken ? "" : Goldens.caption(golden));
        s3.put(broken ? HostilePictures.broken() : Files.readAllBytes(Goldens.picture(golden)), key);
    }

    @Override
    public void look() {
        for (String key : s3.keys(CAPTIONS, "in/")) {
            settled.add(key.substring(0, key.length() - ".json".length()));
        }
        for (String key : s3.keys("failed/")) {
            settled.add(key.substring("failed/".length()));
        }
        settled.retainAll(expected.keySet());
    }

    @Override
    public int brought() {
        return expected.size();
    }

    @Override
    public int settled() {
        return settled.size();
    }

    @Override
    public void check(Tally tally, int kills) throws IOException {
        Map<String, Integer> versions = new HashMap<>();
        s3.client()
                .listObjectVersionsPaginator(request -> request.bucket(CAPTIONS).prefix("in/"))
                .versions()
                .forEach(version -> versions.merge(version.key(), 1, Integer::sum));
        Set<String> captions = new HashSet<>(s3.keys(CAPTIONS, "in/"));
        Set<String> failed = new HashSet<>(s3.keys("failed/"));
        for (Map.Entry<String, String> picture : expected.entrySet()) {
            String key = picture.getKey();
            if (picture.getValue().isEmpty()) {
                if (!failed.contains("failed/" + key)) {
                    tally.fault("S3: " + key + " is lost");
                }
            } else if (!captions.contains(key + ".json")) {
                tally.fault("S3: " + key + " is lost");
            } else {
                String caption = JSON.readTree(s3.text(CAPTIONS, key + ".json"))
                        .get("caption")
                        .asText();
                if (!caption.equals(picture.getValue())) {
                    tally.fault("S3: " + key + " is called " + caption + ", not " + picture.getValue());
                }
                if (versions.getOrDefault(key + ".json", 0) > 1) {
                    tally.count("S3: described twice");
                }
            }
        }
    }

    @Override
    public void close() {
        s3.close();
    }
}
