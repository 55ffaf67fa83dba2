package io.github.camelvlm.routes.s3;

import io.github.camelvlm.chat.UnreadablePictureException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.camel.Variable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * The pictures of a bucket: which ones wait, their bytes, and what becomes of them.
 *
 * <p>These are not steps with Camel's {@code aws2-s3}, since that takes a key that holds <code>${…}</code> for an
 * expression and evaluates it; here any client that may put objects into the bucket chooses the keys.
 */
public final class S3Pictures {
    /** S3's limit on a tag's value, in characters. */
    private static final int LONGEST_TAG = 256;

    private S3Connection connection;
    private S3Places places;
    private int maxImageBytes = 100 * 1024 * 1024;
    private S3Health health = new S3Health();
    private String tag = "";

    /**
     * Sets the connection.
     *
     * @throws io.github.camelvlm.chat.VlmException if it cannot be used, since no region is known
     */
    public void setConnection(S3Connection connection) {
        this.connection = connection;
        requireUsable();
    }

    /** @param health is told of each listing, whether it succeeds or fails */
    public void setHealth(S3Health health) {
        this.health = health;
    }

    /**
     * Sets where pictures are and captions go.
     *
     * @throws IllegalArgumentException if they cannot be used
     */
    public void setPlaces(S3Places places) {
        this.places = places;
        requireUsable();
    }

    /** Whichever comes first: who has set neither a bucket nor a region is told of the bucket. */
    private void requireUsable() {
        if (places != null && connection != null) {
            places.requireUsable();
            connection.requireUsable();
        }
    }

    /** @param maxImageBytes a larger picture is refused before it is read */
    public void setMaxImageBytes(int maxImageBytes) {
        this.maxImageBytes = maxImageBytes;
    }

    /** @param tag the tag of a picture that gets its caption; blank for none */
    public void setTag(String tag) {
        this.tag = tag.strip();
    }

    /**
     * The keys of the pictures that have no caption, listed as they are asked for: a thousand pictures cost two or three
     * requests, and no more than that many names are held. A listing that fails ends there, and is told to the health.
     */
    public Iterator<String> waiting() {
        Iterator<String> keys =
                client()
                        .listObjectsV2Paginator(
                                request -> request.bucket(places.bucket()).prefix(places.prefix()))
                        .stream()
                        .flatMap(page -> withoutCaption(page.contents()).stream())
                        .iterator();
        return new Waiting(keys, health);
    }

    /** Camel's splitter tells of a failure of its iterator by a stack trace, and to no handler. */
    private static final class Waiting implements Iterator<String> {
        private final Iterator<String> keys;
        private final S3Health health;
        private boolean hasFailed;

        Waiting(Iterator<String> keys, S3Health health) {
            this.keys = keys;
            this.health = health;
        }

        @Override
        public boolean hasNext() {
            try {
                return !hasFailed && keys.hasNext();
            } catch (SdkException e) {
                hasFailed = true;
                health.failed(e);
                return false;
            }
        }

        @Override
        public String next() {
            return keys.next();
        }
    }

    private List<String> withoutCaption(List<S3Object> page) {
        List<String> keys = new ArrayList<>(
                page.stream().map(S3Object::key).filter(places::isPicture).toList());
        if (!keys.isEmpty()) {
            Set<String> described = captions(keys);
            keys.removeIf(key -> described.contains(places.caption(key)));
        }
        health.listed();
        // Instances that list at the same time do not claim the same pictures in the same order.
        Collections.shuffle(keys);
        return keys;
    }

    /** The captions that stand in the listing between the first and the last of these pictures'. */
    private Set<String> captions(List<String> keys) {
        List<String> expected =
                keys.stream().map(places::caption).sorted(Utf8Order.INSTANCE).toList();
        String first = expected.get(0);
        String last = expected.get(expected.size() - 1);
        Set<String> found = new HashSet<>();
        client()
                .listObjectsV2Paginator(request -> request.bucket(places.captionsBucket())
                        .prefix(places.captionsPrefix())
                        // The listing begins after a key: the first one without its last character is before it.
                        .startAfter(first.substring(0, first.length() - 1)))
                .contents()
                .stream()
                .map(S3Object::key)
                .takeWhile(key -> Utf8Order.INSTANCE.compare(key, last) <= 0)
                .forEach(found::add);
        return found;
    }

    /**
     * The bytes of a picture.
     *
     * @throws UnreadablePictureException if it is larger than the limit
     * @throws software.amazon.awssdk.core.exception.SdkException if it is not there, or the server fails
     */
    public byte[] read(@Variable("key") String key) {
        return S3Download.read(client(), places.bucket(), key, maxImageBytes);
    }

    /** Adds the caption to the tags of a picture, as far as S3's tags can hold it, if that is wanted. */
    public void tag(@Variable("key") String key, @Variable("caption") String caption) {
        if (tag.isEmpty()) {
            return;
        }
        List<Tag> tags = new ArrayList<>(client().getObjectTagging(
                        request -> request.bucket(places.bucket()).key(key))
                .tagSet());
        tags.removeIf(other -> other.key().equals(tag));
        tags.add(Tag.builder().key(tag).value(tagValue(caption)).build());
        client().putObjectTagging(
                        request -> request.bucket(places.bucket()).key(key).tagging(tagging -> tagging.tagSet(tags)));
    }

    /** S3 takes letters, digits, spaces and a few signs, 256 of them. */
    static String tagValue(String caption) {
        String plain = caption.replaceAll("[^\\p{L}\\p{N} +\\-=._:/@]", " ")
                .replaceAll(" {2,}", " ")
                .strip();
        return plain.codePointCount(0, plain.length()) <= LONGEST_TAG
                ? plain
                : plain.substring(0, plain.offsetByCodePoints(0, LONGEST_TAG)).strip();
    }

    /** Stores what is known of a picture; from here on it is described. */
    public void describe(@Variable("key") String key, String json) {
        client().putObject(
                        request -> request.bucket(places.captionsBucket())
                                .key(places.caption(key))
                                .contentType("application/json"),
                        RequestBody.fromString(json));
    }

    /** Moves a picture to those that failed, the reason first, so that no picture is there without one. */
    public void setAside(@Variable("key") String key, String reason) {
        client().putObject(
                        request -> request.bucket(places.bucket())
                                .key(places.reason(key))
                                .contentType("text/plain; charset=utf-8"),
                        RequestBody.fromString(reason));
        client().copyObject(request -> request.sourceBucket(places.bucket())
                .sourceKey(key)
                .destinationBucket(places.bucket())
                .destinationKey(places.failed(key)));
        client().deleteObject(request -> request.bucket(places.bucket()).key(key));
    }

    private S3Client client() {
        return connection.client();
    }
}
