package io.github.camelvlm.fetch;

import io.github.camelvlm.media.ImageException;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Gets the file of a picture from wherever a request says that it is, if the {@link PicturePolicy} allows it. Safe for
 * use by many threads. A fetch over HTTP blocks its caller, for {@link PicturePolicy#fetchTimeout} at most, and ends when
 * that thread is interrupted or the fetch is cancelled.
 */
public final class PictureFetcher implements AutoCloseable {
    private final PicturePolicy policy;
    private final LocalPictures files;
    private final HttpPictures http;

    /** @param policy where pictures may come from */
    public PictureFetcher(PicturePolicy policy) {
        this(
                policy,
                InetAddress::getAllByName,
                policy.allowPrivateAddresses() ? AddressRule.GLOBAL_OR_PRIVATE : AddressRule.GLOBAL);
    }

    PictureFetcher(PicturePolicy policy, HostLookup lookup, AddressRule rule) {
        this.policy = policy;
        files = new LocalPictures(policy);
        http = new HttpPictures(policy, lookup, rule);
    }

    /**
     * Gets the content of a picture's file, however long its caller must wait.
     *
     * @see #fetch(String, CompletionStage)
     */
    public byte[] fetch(String url) {
        return fetch(url, new CompletableFuture<>());
    }

    /**
     * Gets the content of a picture's file. It is not decoded, and may be anything, except where a server or a data URL
     * says that it is something else and its first bytes do not gainsay that.
     *
     * @param url a {@code data:}, {@code http:}, {@code https:} or {@code file:} URL, or a local path; white space around
     *     it does not count
     * @param cancellation breaks off a fetch over HTTP when it completes
     * @return the bytes, at most {@link PicturePolicy#maxImageBytes}
     * @throws PictureSourceException if the URL is malformed, the policy does not allow it, no picture comes from it, or
     *     the fetch is cancelled
     */
    public byte[] fetch(String url, CompletionStage<?> cancellation) {
        return fetch(MediaKind.PICTURE, url, cancellation);
    }

    /**
     * Gets the content of a picture's or a video's file, by the same rules.
     *
     * @see #fetch(String, CompletionStage)
     */
    public byte[] fetch(MediaKind kind, String url, CompletionStage<?> cancellation) {
        try {
            if (DataUrl.isDataUrl(url)) {
                return decode(kind, url);
            }
            String address = url.strip();
            if (HttpUrl.isHttpUrl(address)) {
                return http.fetch(kind, HttpUrl.parse(address), cancellation);
            }
            BareBase64.refuse(address);
            return files.read(address);
        } catch (PictureSourceException e) {
            throw kind == MediaKind.PICTURE ? e : e.worded(kind);
        }
    }

    private byte[] decode(MediaKind kind, String url) {
        try {
            return DataUrl.decode(kind, UrlName.of(url), url, policy.maxImageBytes());
        } catch (ImageException e) {
            throw new PictureSourceException(PictureSourceException.Reason.MALFORMED, e.getMessage(), e);
        }
    }

    /** Breaks off the fetches over HTTP that are running, and refuses those that come later. */
    @Override
    public void close() {
        http.close();
    }
}
