package io.github.camelvlm.routes.s3;

import io.github.camelvlm.routes.report.RouteHealth;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Whether a bucket could be listed when it was looked at last; tells once what is in the way. */
public final class S3Health extends RouteHealth {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    private static final Set<Class<?>> OF_THE_NETWORK = Set.of(
            ConnectException.class, SocketException.class, SocketTimeoutException.class, UnknownHostException.class);

    private S3Places places = new S3Places();
    private String endpoint = "";
    private volatile String trouble;

    public S3Health() {
        super("s3");
    }

    public void setPlaces(S3Places places) {
        this.places = places;
    }

    /** @param endpoint the URL of the server, for the message; blank for Amazon's */
    public void setEndpoint(String endpoint) {
        this.endpoint = endpoint.strip();
    }

    @Override
    public String trouble() {
        return trouble;
    }

    /** Notes that the bucket was listed. */
    void listed() {
        if (trouble != null) {
            trouble = null;
            LOG.info("The bucket {} is listed again", places.bucket());
        }
    }

    /** Notes that the bucket could not be listed. */
    void failed(SdkException failure) {
        String sentence = sentence(failure);
        if (!sentence.equals(trouble)) {
            trouble = sentence;
            LOG.warn("{}. It is looked at again", sentence);
        }
    }

    private String sentence(Throwable failure) {
        String what = buckets() + " cannot be listed at " + (endpoint.isEmpty() ? "Amazon's S3" : endpoint) + ": ";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof S3Exception refusal) {
                return what + sentence(refusal);
            }
            if (OF_THE_NETWORK.contains(cause.getClass())) {
                return what + "the server cannot be reached (" + cause + "); check S3_ENDPOINT and the network";
            }
            if (String.valueOf(cause.getMessage()).contains("load credentials")) {
                return what + "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them"
                        + " into ~/.aws/credentials";
            }
        }
        return what + String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    private static String sentence(S3Exception refusal) {
        return switch (refusal.statusCode()) {
            case 404 -> "there is none of this name; make it, or name another by S3_BUCKET";
            case 301, 307 -> "it is in another region; name that by S3_REGION";
            case 403 ->
                "S3 refuses it to these credentials (" + refusal.getMessage()
                        + "); give them the right s3:ListBucket, or use others";
            default -> refusal.getMessage();
        };
    }

    private String buckets() {
        return places.captionsBucket().equals(places.bucket())
                ? "The bucket " + places.bucket()
                : "The bucket " + places.bucket() + " or " + places.captionsBucket();
    }
}
