package io.github.camelvlm.routes.s3;

import io.github.camelvlm.chat.VlmException;
import java.net.URI;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * The connection to an S3 server, made when it is needed first. Credentials come from where the AWS SDK looks for them by
 * default: system properties, the environment, {@code ~/.aws}, the role of the container or the machine.
 */
public final class S3Connection implements AutoCloseable {
    private String region = "";
    private String endpoint = "";
    private boolean pathStyle;
    private S3Client client;

    /** @param region such as {@code eu-central-1}; blank for what the AWS SDK finds in the environment or in {@code ~/.aws} */
    public void setRegion(String region) {
        this.region = region.strip();
    }

    /**
     * Names the server.
     *
     * @param endpoint the URL of a server other than Amazon's; blank for Amazon's
     * @throws IllegalArgumentException if it is not a URL
     */
    public void setEndpoint(String endpoint) {
        String url = endpoint.strip();
        if (!url.isEmpty() && !url.matches("https?://[^/?#]+.*")) {
            throw new IllegalArgumentException(
                    "s3.endpoint is \"" + url + "\": write the URL of an S3 server, such as http://localhost:9000");
        }
        this.endpoint = url;
    }

    /** @param pathStyle whether the bucket is named in the path of a request's URL instead of in its host */
    public void setPathStyle(boolean pathStyle) {
        this.pathStyle = pathStyle;
    }

    /**
     * The client, which many threads may use at once.
     *
     * @throws software.amazon.awssdk.core.exception.SdkClientException if no region is known
     */
    public synchronized S3Client client() {
        if (client == null) {
            S3ClientBuilder builder = S3Client.builder()
                    .forcePathStyle(pathStyle)
                    // Checksums in trailers are Amazon's; many other servers refuse or store them.
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
            if (!region.isEmpty()) {
                builder.region(Region.of(region));
            }
            if (!endpoint.isEmpty()) {
                builder.endpointOverride(URI.create(endpoint));
            }
            client = builder.build();
        }
        return client;
    }

    /**
     * Makes the client, so that what keeps it from being made is told at start.
     *
     * @throws VlmException if no region is known
     */
    void requireUsable() {
        try {
            client();
        } catch (SdkClientException e) {
            throw new VlmException(
                    "s3.region is not set, and AWS_REGION and ~/.aws/config name none either: name the region of the"
                            + " bucket by S3_REGION, such as eu-central-1; for another server than Amazon's any will do",
                    e);
        }
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
