package io.github.camelvlm.routes.s3;

import io.github.camelvlm.routes.batch.Batches;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Variable;
import org.apache.camel.util.TimeUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Answers the objects of a bucket that are files of requests. They are answered by files on this machine; the answers so far
 * are stored from time to time, so that an instance that takes the work over goes on with those.
 */
public final class S3Batches implements CamelContextAware {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");
    private static final String TYPE = "application/jsonl";
    private static final String OUTPUT = "answers.jsonl";

    private CamelContext camel;
    private S3Connection connection;
    private S3Places places;
    private Batches batches;
    private Duration storedEvery = Duration.ofSeconds(30);

    @Override
    public CamelContext getCamelContext() {
        return camel;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        camel = camelContext;
    }

    public void setConnection(S3Connection connection) {
        this.connection = connection;
    }

    public void setPlaces(S3Places places) {
        this.places = places;
    }

    public void setBatches(Batches batches) {
        this.batches = batches;
    }

    /**
     * Sets how often the answers so far are stored; 30 seconds by default.
     *
     * @param time as Camel writes times: {@code 30s}, {@code 5m}, or milliseconds
     */
    public void setStoredEvery(String time) {
        try {
            storedEvery = Duration.ofMillis(Math.max(1, TimeUtils.toMilliSeconds(time)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "s3.batch-stored-every is \"" + time + "\": write a time, such as 30s or 5m");
        }
    }

    /** Whether an object is a file of requests. */
    public boolean isBatch(@Variable("key") String key) {
        return places.isBatch(key);
    }

    /**
     * Answers an object by another one.
     *
     * @throws SdkException if it is not there, the server fails, or this machine's disk; it stays in the bucket then
     * @throws InterruptedException if the application stops; the answers so far are stored then
     */
    public void answer(@Variable("key") String key) throws InterruptedException {
        try {
            answerByFiles(key);
        } catch (IOException e) {
            // Not the object's fault, which must not be set aside for it.
            throw SdkClientException.create("the directory for temporary files cannot be used: " + e, e);
        }
    }

    private void answerByFiles(String key) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("camel-vlm-batch");
        try {
            Path input = folder.resolve("requests.jsonl");
            Path output = folder.resolve(OUTPUT);
            Path growing = folder.resolve("." + OUTPUT);
            fetch(places.bucket(), key, input);
            boolean isResumed = fetchEarlier(key, growing);
            answer(key, input, output, growing);
            store(places.caption(key), output);
            if (isResumed || Files.exists(folder.resolve(OUTPUT + ".stored"))) {
                client().deleteObject(request ->
                        request.bucket(places.captionsBucket()).key(places.partOfAnswers(key)));
            }
        } finally {
            delete(folder);
        }
    }

    private void answer(String key, Path input, Path output, Path growing) throws IOException, InterruptedException {
        ScheduledExecutorService clock =
                camel.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "s3-batch");
        boolean isWhole = false;
        try {
            clock.scheduleWithFixedDelay(
                    () -> storePart(key, growing),
                    storedEvery.toMillis(),
                    storedEvery.toMillis(),
                    TimeUnit.MILLISECONDS);
            batches.answer(input, output, key);
            isWhole = true;
        } finally {
            // After a store that is under way, or the part would be there again once it was deleted.
            camel.getExecutorServiceManager().shutdownGraceful(clock);
            if (!isWhole) {
                storePart(key, growing);
            }
        }
    }

    /** A copy, since the file grows meanwhile; half a line at its end does no harm. */
    private void storePart(String key, Path growing) {
        try {
            Path copy = growing.resolveSibling(OUTPUT + ".stored");
            Files.copy(growing, copy, StandardCopyOption.REPLACE_EXISTING);
            store(places.partOfAnswers(key), copy);
        } catch (IOException | SdkException e) {
            // What is lost if a crash follows is computed again.
            LOG.warn("The answers so far to {} are not stored: {}", key, e.toString());
        }
    }

    private boolean fetchEarlier(String key, Path growing) {
        try {
            fetch(places.captionsBucket(), places.partOfAnswers(key), growing);
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    private void fetch(String bucket, String key, Path file) {
        client().getObject(request -> request.bucket(bucket).key(key), ResponseTransformer.toFile(file));
    }

    private void store(String key, Path file) {
        client().putObject(
                        request ->
                                request.bucket(places.captionsBucket()).key(key).contentType(TYPE),
                        RequestBody.fromFile(file));
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    private S3Client client() {
        return connection.client();
    }
}
