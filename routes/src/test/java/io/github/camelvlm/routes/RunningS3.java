package io.github.camelvlm.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.robothy.s3.rest.LocalS3;
import com.robothy.s3.rest.bootstrap.LocalS3Mode;
import io.github.camelvlm.routes.s3.S3Connection;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** An S3 server in this JVM, with a bucket of pictures. */
public final class RunningS3 implements AutoCloseable {
    public static final String BUCKET = "pictures";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LocalS3 server =
            LocalS3.builder().mode(LocalS3Mode.IN_MEMORY).port(-1).build();
    private final S3Client client;

    public RunningS3() {
        // It calls every question for what is not there an error, with a stack trace.
        Configurator.setLevel("com.robothy", Level.OFF);
        // Nor does it give its buffers back.
        Configurator.setLevel("io.netty.util.ResourceLeakDetector", Level.OFF);
        server.start();
        client = S3Client.builder()
                .endpointOverride(URI.create(endpoint()))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("me", "secret")))
                .build();
        client.createBucket(request -> request.bucket(BUCKET));
        // The application's come from the default chain; the name of the setting is that of a system property.
        System.setProperty(SdkSystemSetting.AWS_ACCESS_KEY_ID.property(), "me");
        System.setProperty(SdkSystemSetting.AWS_SECRET_ACCESS_KEY.property(), "secret");
    }

    public String endpoint() {
        return "http://localhost:" + server.getPort();
    }

    /** A connection as the application makes it. */
    public S3Connection connection() {
        S3Connection connection = new S3Connection();
        connection.setEndpoint(endpoint());
        connection.setPathStyle(true);
        connection.setRegion("us-east-1");
        return connection;
    }

    /** What an application needs to be told to use this server. */
    public Map<String, String> properties() {
        return Map.of(
                "s3.endpoint", endpoint(),
                "s3.path-style", "true",
                "s3.region", "us-east-1",
                "s3.bucket", BUCKET,
                "s3.delay", "100",
                "s3.retry-delay", "100");
    }

    public S3Client client() {
        return client;
    }

    public void put(String golden, String key) throws IOException {
        put(Files.readAllBytes(Goldens.picture(golden)), key);
    }

    public void put(byte[] bytes, String key) {
        client.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(bytes));
    }

    public List<String> keys(String bucket, String prefix) {
        return client.listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    public List<String> keys(String prefix) {
        return keys(BUCKET, prefix);
    }

    public String text(String bucket, String key) {
        return client.getObjectAsBytes(request -> request.bucket(bucket).key(key))
                .asUtf8String();
    }

    /** What is known of a picture. */
    public JsonNode caption(String key) throws IOException {
        return JSON.readTree(text(BUCKET, "captions/" + key + ".json"));
    }

    public boolean isDescribed(String key) {
        return keys("captions/").contains("captions/" + key + ".json");
    }

    public boolean hasFailed(String key) {
        return keys("failed/").contains("failed/" + key) && !keys(key).contains(key);
    }

    @Override
    public void close() {
        client.close();
        server.shutdown();
        System.clearProperty(SdkSystemSetting.AWS_ACCESS_KEY_ID.property());
        System.clearProperty(SdkSystemSetting.AWS_SECRET_ACCESS_KEY.property());
    }
}
