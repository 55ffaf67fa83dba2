package io.github.camelvlm.routes.s3;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.camel.util.TimeUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Sees to it that of several instances, on whatever machines, one describes a picture, and once, with nothing but S3: a
 * picture that has a caption is done, and one to which an instance has a claim is in hand.
 *
 * <p>A claim is an empty object {@code claims/KEY/INSTANCE}. An instance writes its own and then lists all to that
 * picture; the picture is its own only if no other is there, otherwise it withdraws. Of two instances at least one lists
 * after both have written, so two never win; that both withdraw is possible, and then the next round decides. This needs
 * a server whose listings show what has been written (Amazon's since 2020), and none of the conditional writes that many
 * servers lack.
 *
 * <p>Claims are renewed while a picture is in hand. One that was not renewed for the claim time was left by a crash, and
 * counts no more. All ages are told by the clock of the S3 server.
 */
public final class S3Claims extends ServiceSupport implements IdempotentRepository, CamelContextAware {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    private final String instance = UUID.randomUUID().toString();
    private final Set<String> inHand = ConcurrentHashMap.newKeySet();
    private CamelContext camelContext;
    private S3Connection connection;
    private S3Places places;
    private Duration claimTime = Duration.ofMinutes(2);
    private ScheduledExecutorService renewal;

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    public void setConnection(S3Connection connection) {
        this.connection = connection;
    }

    public void setPlaces(S3Places places) {
        this.places = places;
    }

    /**
     * Sets after what time a claim counts no more that is not renewed; 2 minutes by default.
     *
     * @param time as Camel writes times: {@code 2m}, {@code 30s}
     * @throws IllegalArgumentException if it is below 3 seconds, since S3 tells times in whole seconds
     */
    public void setClaimTime(String time) {
        long millis = TimeUtils.toMilliSeconds(time);
        if (millis < 3000) {
            throw new IllegalArgumentException("s3.claim-time is " + time + ": give at least 3s");
        }
        claimTime = Duration.ofMillis(millis);
    }

    /**
     * Claims a picture.
     *
     * @param key the key of the picture
     * @return false if it has a caption, or is in hand, here or elsewhere
     */
    @Override
    public boolean add(String key) {
        if (!inHand.add(key)) {
            return false;
        }
        boolean mine = false;
        try {
            mine = !isDescribed(key) && claim(key);
        } finally {
            if (!mine) {
                inHand.remove(key);
            }
        }
        return mine;
    }

    private boolean claim(String key) {
        boolean mine = false;
        try {
            // Described: by another instance, which has taken its claim back since this one looked first.
            mine = isAlone(key, put(key)) && !isDescribed(key);
        } finally {
            if (!mine) {
                remove(key);
            }
        }
        return mine;
    }

    /** Whether no other instance has a claim to a picture. Those that a crash left are taken away. */
    private boolean isAlone(String key, Instant now) {
        List<S3Object> others = client()
                .listObjectsV2Paginator(request -> request.bucket(places.captionsBucket())
                        .prefix(places.claims(key))
                        // The claims to KEY/NAME are not those to KEY.
                        .delimiter("/"))
                .contents()
                .stream()
                .filter(other -> !other.key().equals(own(key)))
                .toList();
        List<S3Object> left = others.stream()
                .filter(other -> other.lastModified().isBefore(now.minus(claimTime)))
                .toList();
        if (left.size() < others.size()) {
            return false;
        }
        left.forEach(other -> client().deleteObject(
                        request -> request.bucket(places.captionsBucket()).key(other.key())));
        return true;
    }

    /** Writes this instance's claim, anew if it was there, and tells the server's time. */
    private Instant put(String key) {
        PutObjectResponse response = client().putObject(
                        request -> request.bucket(places.captionsBucket()).key(own(key)), RequestBody.empty());
        return response.sdkHttpResponse()
                .firstMatchingHeader("Date")
                .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant())
                .orElseGet(Instant::now);
    }

    private boolean isDescribed(String key) {
        try {
            client().headObject(
                            request -> request.bucket(places.captionsBucket()).key(places.caption(key)));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    /** Whether a picture is in hand here, or has a caption. */
    @Override
    public boolean contains(String key) {
        return inHand.contains(key) || isDescribed(key);
    }

    /** Takes the claim to a picture back. One that cannot be taken back ends by itself. */
    @Override
    public boolean remove(String key) {
        try {
            client().deleteObject(
                            request -> request.bucket(places.captionsBucket()).key(own(key)));
        } catch (SdkException e) {
            LOG.warn("The claim to {} stays for {} s: {}", key, claimTime.toSeconds(), e.getMessage());
        }
        return inHand.remove(key);
    }

    /** Takes the claim back of a picture that is done. */
    @Override
    public boolean confirm(String key) {
        return remove(key);
    }

    /** Forgets nothing: captions are what is remembered. */
    @Override
    public void clear() {}

    private void renew() {
        for (String key : inHand) {
            try {
                put(key);
                if (!inHand.contains(key)) {
                    // It was done meanwhile, and its claim taken back before this one was written.
                    client().deleteObject(request ->
                            request.bucket(places.captionsBucket()).key(own(key)));
                }
            } catch (RuntimeException | Error e) {
                // The next round tries again, twice before the claim ends; none would come after an error that is
                // thrown.
                LOG.warn("The claim to {} is not renewed: {}", key, e.getMessage());
            }
        }
    }

    private String own(String key) {
        return places.claims(key) + instance;
    }

    private S3Client client() {
        return connection.client();
    }

    @Override
    protected void doStart() {
        renewal = camelContext.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "s3-claims");
        long period = claimTime.toMillis() / 3;
        renewal.scheduleAtFixedRate(this::renew, period, period, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doStop() {
        camelContext.getExecutorServiceManager().shutdownNow(renewal);
        List.copyOf(inHand).forEach(this::remove);
    }
}
