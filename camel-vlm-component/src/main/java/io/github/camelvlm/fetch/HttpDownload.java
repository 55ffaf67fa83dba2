package io.github.camelvlm.fetch;

import io.github.camelvlm.media.PictureType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;

/**
 * One picture or video over HTTP: asks, follows redirects, takes the body. Every hop is checked as the first one was. A redirect
 * from https to http is refused, so that what began encrypted stays so.
 */
final class HttpDownload implements Callable<byte[]> {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int OK = 200;

    private final CloseableHttpClient client;
    private final PicturePolicy policy;
    private final MediaKind kind;
    private final HttpUrl first;
    private HttpGet running;
    private boolean abandoned;

    HttpDownload(CloseableHttpClient client, PicturePolicy policy, MediaKind kind, HttpUrl url) {
        this.kind = kind;
        this.client = client;
        this.policy = policy;
        first = url;
    }

    /**
     * Downloads the picture.
     *
     * @throws PictureSourceException if it may not be fetched or cannot be
     */
    @Override
    public byte[] call() {
        HttpUrl url = first;
        for (int redirects = 0; redirects <= policy.maxRedirects(); redirects++) {
            requireAllowed(url);
            HttpGet get = start(url);
            try {
                ClassicHttpResponse response =
                        client.executeOpen(new HttpHost(url.scheme(), url.host(), url.port()), get, null);
                if (!REDIRECTS.contains(response.getCode())) {
                    return body(response);
                }
                url = next(url, response);
            } catch (IOException e) {
                throw failure(url, e);
            } finally {
                // Closing the response instead would first read it to its end, which may never come.
                get.cancel();
            }
        }
        throw unfetchable(
                "it redirects more than " + policy.maxRedirects() + " times; ask for the picture's own address", null);
    }

    /** Closes the connection, whatever is being waited for, and opens no other. */
    synchronized void abandon() {
        abandoned = true;
        if (running != null) {
            running.cancel();
        }
    }

    private synchronized HttpGet start(HttpUrl url) {
        if (abandoned) {
            throw unfetchable("it was abandoned", null);
        }
        running = new HttpGet(url.uri());
        running.setHeader(HttpHeaders.ACCEPT, kind.accepted());
        return running;
    }

    private void requireAllowed(HttpUrl url) {
        if (!policy.allowsHost(url.host())) {
            throw refused("the host " + url.host() + " is not among those allowed; add it to allowedHosts, or send the"
                    + " picture itself");
        }
    }

    /**
     * Where a redirect leads.
     *
     * @throws PictureSourceException if it is not to be followed
     */
    HttpUrl next(HttpUrl from, ClassicHttpResponse response) {
        Header location = response.getFirstHeader(HttpHeaders.LOCATION);
        if (location == null
                || location.getValue() == null
                || location.getValue().isBlank()) {
            throw unfetchable("it redirects without saying where to; ask for the picture's own address", null);
        }
        String target = location.getValue();
        if (target.matches("(?s)\\s*[a-zA-Z][a-zA-Z0-9+.-]*:.*") && !HttpUrl.isHttpUrl(target.strip())) {
            throw refused("it redirects to " + UrlName.of(target)
                    + ", but only http and https are followed; ask for the picture's own address");
        }
        HttpUrl to = resolve(from, target);
        if (from.scheme().equals("https") && to.scheme().equals("http")) {
            throw refused("it redirects from https to http (" + to + "); ask for that address if it is safe");
        }
        return to;
    }

    private HttpUrl resolve(HttpUrl from, String target) {
        try {
            return from.resolve(target);
        } catch (PictureSourceException e) {
            throw unfetchable(
                    "it redirects to " + UrlName.of(target)
                            + ", which is not a proper URL; ask for the picture's own address",
                    e);
        }
    }

    private byte[] body(ClassicHttpResponse response) throws IOException {
        if (response.getCode() != OK) {
            throw unfetchable("the server answers " + response.getCode() + "; check the address", null);
        }
        requirePlain(response);
        int maxBytes = policy.maxImageBytes();
        HttpEntity entity = response.getEntity();
        if (entity.getContentLength() > maxBytes) {
            throw PictureSourceException.tooLarge(first.toString(), maxBytes);
        }
        // Not closed, for the same reason as the response.
        InputStream in = entity.getContent();
        byte[] beginning = in.readNBytes(PictureType.LONGEST_SIGNATURE);
        requirePicture(response, beginning);
        in = new SequenceInputStream(new ByteArrayInputStream(beginning), in);
        byte[] bytes = in.readNBytes(maxBytes);
        if (bytes.length == maxBytes && in.read() >= 0) {
            throw PictureSourceException.tooLarge(first.toString(), maxBytes);
        }
        return bytes;
    }

    private void requirePicture(ClassicHttpResponse response, byte[] beginning) {
        String type = value(response, HttpHeaders.CONTENT_TYPE).orElse("");
        if (!kind.mayBe(type, beginning)) {
            throw PictureSourceException.noPicture(
                    first.toString(),
                    "the server sends " + UrlName.shown(type) + ", not " + kind.label()
                            + "; ask for the picture's own address");
        }
    }

    private void requirePlain(ClassicHttpResponse response) {
        String encoding = value(response, HttpHeaders.CONTENT_ENCODING).orElse("identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            throw unfetchable(
                    "the server compresses it (" + UrlName.shown(encoding) + ") unasked; send the picture itself",
                    null);
        }
    }

    private static Optional<String> value(ClassicHttpResponse response, String header) {
        return Optional.ofNullable(response.getFirstHeader(header))
                .map(Header::getValue)
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    private PictureSourceException failure(HttpUrl url, IOException e) {
        if (e instanceof RefusedAddressException) {
            return refused(e.getMessage());
        }
        String host = url.host();
        String problem;
        if (e instanceof UnknownHostException) {
            problem = "the host " + host + " has no address; check its name";
        } else if (e instanceof HttpHostConnectException || e instanceof ConnectTimeoutException) {
            problem = "the host " + host + " does not accept the connection; check the address and the port";
        } else if (e instanceof SSLException) {
            problem = "the host " + host + " has no valid TLS; check the address and the certificate";
        } else if (e instanceof ClientProtocolException
                || e instanceof NoHttpResponseException
                || e instanceof MessageConstraintException) {
            problem = "the host " + host + " does not answer in proper HTTP; check the address and the port";
        } else {
            problem = "the answer of " + host + " is cut off or garbled; try again";
        }
        return unfetchable(problem, e);
    }

    private PictureSourceException refused(String problem) {
        return PictureSourceException.refused(first.toString(), problem);
    }

    private PictureSourceException unfetchable(String problem, Throwable cause) {
        return PictureSourceException.unfetchable(first.toString(), problem, cause);
    }
}
