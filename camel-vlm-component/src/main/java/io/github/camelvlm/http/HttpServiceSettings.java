package io.github.camelvlm.http;

import java.time.Duration;
import java.util.function.UnaryOperator;

/** How an {@link HttpService} is set up: where it listens, who may ask, and what clients may take of it. */
public abstract class HttpServiceSettings {
    /** Vert.x answers on 20 threads unless told otherwise; some must be free for health, models and metrics. */
    private static final int DEFAULT_MAX_REQUESTS = 16;

    private static final long DEFAULT_MAX_BODY = 64L << 20;

    private String host = "0.0.0.0";
    private int port = 8000;
    private boolean tls;
    private boolean http2;
    private String apiKeys;
    private String apiKeyFile;
    private String corsOrigins;
    private int maxRequests = DEFAULT_MAX_REQUESTS;
    private long maxBody;
    private long bodyMemory;
    private long memoryPerClient;
    private int connectionsPerClient = 500;
    private long minUploadRate = 1000;
    private Duration keepAlive = Duration.ofSeconds(10);
    private Duration patience = Duration.ofSeconds(60);
    /** Longer than the minute for which most proxies keep theirs, so that none asks on one that is just being closed. */
    private Duration idle = Duration.ofSeconds(90);

    private UnaryOperator<String> optionNames = UnaryOperator.identity();
    private boolean vllmMetrics;

    HttpServiceSettings() {}

    /** @param name the name or address at which it listens; {@code 0.0.0.0} for all of this machine's */
    public final void setHost(String name) {
        host = name;
    }

    /** @param number the port at which it listens; 0 for any free one */
    public final void setPort(int number) {
        port = number;
    }

    /** @param on whether it serves over TLS, as Camel's global SSL context parameters say */
    public final void setTls(boolean on) {
        tls = on;
    }

    /** @param on whether it speaks HTTP/2 too: in the clear, or over TLS where that is on */
    public final void setHttp2(boolean on) {
        http2 = on;
    }

    /** @param keys the API keys, separated by commas; blank for none */
    public final void setApiKeys(String keys) {
        apiKeys = keys;
    }

    /** @param file a file with one API key per line; blank for none */
    public final void setApiKeyFile(String file) {
        apiKeyFile = file;
    }

    /** @param origins the origins of web pages that may call, separated by commas; {@code *} for all, blank for none */
    public final void setCorsOrigins(String origins) {
        corsOrigins = origins;
    }

    /**
     * @param names makes of an error's sentence one in which the options of {@code vlm:} are called as they are set here,
     *     where that is not at the endpoint
     */
    public final void setOptionNames(UnaryOperator<String> names) {
        optionNames = names;
    }

    /** @param on whether metrics are told under vLLM's own names too, such as {@code vllm:num_requests_running} */
    public final void setVllmMetrics(boolean on) {
        vllmMetrics = on;
    }

    /** @param limit the most requests in hand at once; fewer than the threads of the server's pool */
    public final void setMaxRequests(int limit) {
        maxRequests = limit;
    }

    /**
     * @param bytes the largest body of a request; 0 for 64 MB. It is never more than one client may have of the memory for
     *     bodies.
     */
    public final void setMaxBody(long bytes) {
        maxBody = bytes;
    }

    /** @param bytes the most bytes of all bodies in hand together; 0 for an eighth of the heap */
    public final void setBodyMemory(long bytes) {
        bodyMemory = bytes;
    }

    /** @param bytes the most bytes of the bodies in hand of one address; 0 for three quarters of those of all */
    public final void setBodyMemoryPerAddress(long bytes) {
        memoryPerClient = bytes;
    }

    /** @param limit the most connections of one address */
    public final void setConnectionsPerAddress(int limit) {
        connectionsPerClient = limit;
    }

    /** @param rate the least bytes of a body that must come in a second, after its first ten seconds; 0 for no limit */
    public final void setMinUploadRate(long rate) {
        minUploadRate = rate;
    }

    /** @param millis the silence of a stream after which a comment is sent, in milliseconds */
    public final void setKeepAliveMillis(long millis) {
        keepAlive = Duration.ofMillis(millis);
    }

    /** @param millis how long a client may take to send its body, or to take the next piece of an answer, in milliseconds */
    public final void setPatienceMillis(long millis) {
        patience = Duration.ofMillis(millis);
    }

    /** @param millis how long a connection is kept that carries no request, or only the beginning of one, in milliseconds */
    public final void setIdleMillis(int millis) {
        idle = Duration.ofMillis(millis);
    }

    final String host() {
        return host;
    }

    final int port() {
        return port;
    }

    final boolean isTls() {
        return tls;
    }

    final boolean isHttp2() {
        return http2;
    }

    final String apiKeys() {
        return apiKeys;
    }

    final String apiKeyFile() {
        return apiKeyFile;
    }

    final String corsOrigins() {
        return corsOrigins;
    }

    final int maxRequests() {
        return maxRequests;
    }

    final long bodyMemory() {
        return bodyMemory;
    }

    final long memoryPerClient() {
        return memoryPerClient;
    }

    final int connectionsPerClient() {
        return connectionsPerClient;
    }

    final long minUploadRate() {
        return minUploadRate;
    }

    final Duration keepAlive() {
        return keepAlive;
    }

    final Duration patience() {
        return patience;
    }

    final Duration idle() {
        return idle;
    }

    final UnaryOperator<String> optionNames() {
        return optionNames;
    }

    final boolean areVllmMetricsTold() {
        return vllmMetrics;
    }

    /** The largest body that is taken where nothing else bounds it. */
    final long maxBody() {
        return maxBody > 0 ? maxBody : DEFAULT_MAX_BODY;
    }
}
