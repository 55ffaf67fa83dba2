package io.github.camelvlm.routes.queue;

import io.github.camelvlm.VlmConstants;
import io.github.camelvlm.chat.Echo;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.exchange.PictureUrls;
import io.github.camelvlm.fetch.DataUrl;
import io.github.camelvlm.fetch.PicturePolicy;
import io.github.camelvlm.routes.s3.S3Connection;
import io.github.camelvlm.routes.s3.S3Download;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.jms.JmsMessage;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Gets the picture that a message of a queue holds or names, and makes of the message what {@code vlm:describe} takes: the
 * bytes, and headers for what else is asked.
 *
 * <p>A message of bytes is the picture, and its properties {@code prompt}, {@code max_tokens} and so on are what is asked;
 * a text is a {@link QueuedPicture}. URLs are fetched as those of HTTP requests are, from where those may come; objects of
 * S3 only from the buckets named, since the queue's senders may have fewer rights than this application.
 */
public final class QueuePictures implements Processor, AutoCloseable {
    private static final Map<String, String> PROPERTIES = Map.of(
            "prompt", VlmConstants.PROMPT,
            "system", VlmConstants.SYSTEM_MESSAGE,
            "max_tokens", VlmConstants.MAX_TOKENS,
            "temperature", VlmConstants.TEMPERATURE,
            "top_p", VlmConstants.TOP_P,
            "top_k", VlmConstants.TOP_K,
            "seed", VlmConstants.SEED,
            "stop", VlmConstants.STOP);

    /** Beside a picture in base64, a third longer than its file, a text may have this many characters. */
    private static final int OTHER_TEXT = 64 * 1024;

    /** In bytes of UTF-8. */
    private static final int LONGEST_KEY = 1024;

    private static final String UNNAMED = "picture";

    private S3Connection connection;
    private PicturePolicy policy = PicturePolicy.DEFAULT;
    private PictureUrls urls;
    private String bucket = "";
    private Set<String> buckets = Set.of();

    public void setConnection(S3Connection connection) {
        this.connection = connection;
    }

    /** @param bucket where the pictures are that messages name by key alone; blank for nowhere */
    public void setBucket(String bucket) {
        this.bucket = bucket.strip();
    }

    /** @param buckets the names of the buckets whose objects may be named, separated by commas */
    public void setBuckets(String buckets) {
        this.buckets = list(buckets).collect(Collectors.toSet());
    }

    /** @param maxImageBytes a larger picture is refused before it is read */
    public void setMaxImageBytes(int maxImageBytes) {
        policy = policy.withMaxImageBytes(maxImageBytes);
    }

    /** @param directories below which pictures may be named by path, separated by commas; none if blank */
    public void setAllowedDirectories(String directories) {
        policy = policy.withAllowedDirectories(list(directories).map(Path::of).toList());
    }

    /** @param time the longest time to connect to the host of a picture */
    public void setConnectTimeout(Duration time) {
        policy = policy.withTimeouts(time, policy.fetchTimeout());
    }

    /** @param time the longest time in which a picture is fetched */
    public void setFetchTimeout(Duration time) {
        policy = policy.withTimeouts(policy.connectTimeout(), time);
    }

    /** @param hosts the only hosts that pictures are fetched from, separated by commas; any of the Internet if blank */
    public void setAllowedHosts(String hosts) {
        policy = policy.withAllowedHosts(list(hosts).toList());
    }

    /** @param allow whether pictures may come from this machine and from private networks */
    public void setAllowPrivateAddresses(boolean allow) {
        policy = policy.withAllowPrivateAddresses(allow);
    }

    private static Stream<String> list(String names) {
        return Stream.of(names.split(",")).map(String::strip).filter(name -> !name.isEmpty());
    }

    /** Gets ready; to be called when all is set. */
    public void start() {
        urls = new PictureUrls(policy, "url");
    }

    /**
     * Puts the picture into the body.
     *
     * @throws InvalidRequestException if the message is not understood, or asks for what is not allowed
     * @throws UnreadablePictureException if the picture is too large, or cannot be fetched
     * @throws software.amazon.awssdk.core.exception.SdkException if S3 fails
     */
    @Override
    public void process(Exchange exchange) throws JMSException {
        Message message = exchange.getMessage();
        requireSize(message);
        Object body = message.getBody();
        if (body instanceof byte[] picture) {
            take(picture, message.getHeader("name", UNNAMED, String.class), properties(message), message);
        } else if (body instanceof String text) {
            requireLength(text);
            QueuedPicture asked = QueuedPicture.parse(text);
            String url = asked.key() == null ? asked.url() : urlOf(asked.key());
            Map<String, Object> headers = properties(message);
            headers.putAll(asked.headers());
            EncodedImage picture = url.startsWith("s3://") ? object(url) : urls.fetch(url, new CompletableFuture<>());
            take(picture.bytes(), DataUrl.isDataUrl(url) ? UNNAMED : picture.name(), headers, message);
        } else {
            throw new InvalidRequestException(
                    "message", "is of a kind that is not understood here: send the bytes of a picture, or a text");
        }
    }

    /** Before the body is copied out of the message. */
    private void requireSize(Message message) throws JMSException {
        if (message instanceof JmsMessage jms && jms.getJmsMessage() instanceof BytesMessage bytes) {
            requireAtMost(policy.maxImageBytes(), bytes.getBodyLength(), "bytes");
        }
    }

    private void requireLength(String text) {
        requireAtMost(policy.maxImageBytes() / 3L * 4 + OTHER_TEXT, text.length(), "characters");
    }

    private static void requireAtMost(long most, long length, String unit) {
        if (length > most) {
            throw new UnreadablePictureException(
                    String.format(
                            Locale.ROOT,
                            "the message has %,d %s, more than the %,d allowed: send a smaller picture, or raise"
                                    + " vlm.max-image-bytes",
                            length,
                            unit,
                            most),
                    null);
        }
    }

    private static Map<String, Object> properties(Message message) {
        Map<String, Object> headers = new LinkedHashMap<>();
        PROPERTIES.forEach((property, header) -> {
            Object value = message.getHeader(property);
            if (value != null) {
                headers.put(header, value);
            }
        });
        return headers;
    }

    private static void take(byte[] picture, String name, Map<String, Object> headers, Message message) {
        message.setBody(picture);
        message.setHeader(Exchange.FILE_NAME, name);
        message.setHeader(Exchange.FILE_LENGTH, (long) picture.length);
        headers.forEach(message::setHeader);
    }

    private String urlOf(String key) {
        if (key.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
            throw new InvalidRequestException(
                    "key",
                    "is longer than a key of S3 can be (" + Echo.of(key) + "): a picture in base64 is sent as"
                            + " data:image/png;base64, and the data");
        }
        if (bucket.isEmpty()) {
            throw new InvalidRequestException(
                    "key",
                    "names an object of S3, but s3.bucket is not set: set it, or send a URL (https://…, s3://BUCKET/KEY)");
        }
        return "s3://" + bucket + "/" + key;
    }

    private EncodedImage object(String url) {
        String[] parts = url.substring("s3://".length()).split("/", 2);
        if (parts.length < 2 || parts[1].isEmpty()) {
            throw new InvalidRequestException("url", "names no object: write s3://BUCKET/KEY");
        }
        if (!buckets.contains(parts[0])) {
            throw new InvalidRequestException(
                    "url", "names a bucket that is not open to messages: add it to queue.s3-buckets");
        }
        try {
            byte[] bytes = S3Download.read(connection.client(), parts[0], parts[1], policy.maxImageBytes());
            return new EncodedImage(parts[1].substring(parts[1].lastIndexOf('/') + 1), bytes);
        } catch (NoSuchKeyException e) {
            throw new InvalidRequestException("url", "names an object that is not there: " + url);
        }
    }

    @Override
    public void close() {
        urls.close();
    }
}
