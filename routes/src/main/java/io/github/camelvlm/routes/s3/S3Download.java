package io.github.camelvlm.routes.s3;

import io.github.camelvlm.chat.UnreadablePictureException;
import java.io.IOException;
import java.util.Locale;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Reads a picture that is an object of S3. */
public final class S3Download {
    private S3Download() {}

    /**
     * The whole object.
     *
     * @param maxImageBytes a larger one is refused before it is read
     * @throws UnreadablePictureException if it is larger than the limit
     * @throws software.amazon.awssdk.core.exception.SdkException if it is not there, or the server fails
     */
    public static byte[] read(S3Client client, String bucket, String key, int maxImageBytes) {
        try (ResponseInputStream<GetObjectResponse> in =
                client.getObject(request -> request.bucket(bucket).key(key))) {
            long length = in.response().contentLength();
            if (length > maxImageBytes) {
                in.abort();
                throw new UnreadablePictureException(
                        String.format(
                                Locale.ROOT,
                                "%s has %,d bytes, more than the %,d allowed: store a smaller picture, or raise"
                                        + " vlm.max-image-bytes",
                                key,
                                length,
                                maxImageBytes),
                        null);
            }
            byte[] bytes = in.readNBytes((int) length);
            if (bytes.length < length) {
                throw SdkClientException.create(key + " broke off after " + bytes.length + " of " + length + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw SdkClientException.create(key + " broke off: " + e.getMessage(), e);
        }
    }
}
