package io.github.camelvlm.http;

import io.github.camelvlm.VlmConstants;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Usage;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionChunk;
import io.github.camelvlm.openai.ChunkStream;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.OpenAiError;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.impl.TCPServerBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.Ordered;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.StartupListener;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Makes an OpenAI-compatible service of a route: a bean with three steps, {@link #meet} before {@code vlm:chat}, {@link
 * #answer} after it, and {@link #refuse} for what goes wrong. What concerns all requests stands before the routes: their
 * ids, keys, number and log, the origins they may come from, and the server's health.
 *
 * <p>It is set up in YAML, with {@code initMethod: start}, and needs the HTTP server of Camel Main ({@code
 * camel.server.enabled=true}).
 */
public final class HttpService implements CamelContextAware {
    private static final String JSON = "application/json";

    /** Vert.x answers on 20 threads unless told otherwise; some must be free for health, models and metrics. */
    private static final int DEFAULT_MAX_REQUESTS = 16;

    private CamelContext camel;
    private String apiKeys;
    private String apiKeyFile;
    private String corsOrigins;
    private int maxRequests = DEFAULT_MAX_REQUESTS;
    private Duration keepAlive = Duration.ofSeconds(10);
    private Duration patience = Duration.ofSeconds(60);
    /** Longer than the minute for which most proxies keep theirs, so that none asks on one that is just being closed. */
    private Duration idle = Duration.ofSeconds(90);

    private OptionNames optionNames = new OptionNames(null);

    private ServerSentEvents events;
    private Metrics metrics;

    /** Takes its place in the HTTP server as soon as that runs, before the routes start and load the model. */
    public void start() throws Exception {
        camel.addStartupListener(new AfterTheServer());
    }

    private void install() {
        VertxPlatformHttpRouter router = camel.getRegistry().findByType(VertxPlatformHttpRouter.class).stream()
                .filter(candidate -> !candidate.isManagementServer())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "There is no HTTP server to serve at: set camel.server.enabled=true, and add"
                                + " camel-platform-http-main to the dependencies"));
        requireListening(router.getServer());
        events = new ServerSentEvents(router.vertx(), keepAlive, patience);
        // Camel's routes are in a router of their own below the server's, and either may meet an error.
        OpenAiErrors.install((Router) router.getServer().getServer().requestHandler());
        OpenAiErrors.install(router);
        Long maxBody = router.getServer().getMaxBodySize();
        Admission admission = new Admission(
                maxRequests, maxBody == null ? BodyHandler.DEFAULT_BODY_LIMIT : maxBody, patience.toMillis());
        metrics = new Metrics(admission::inHand, camel.getRegistry());
        int order = Integer.MIN_VALUE;
        router.route().order(order++).handler(new RequestId()).failureHandler(OpenAiErrors::passOver);
        router.route().order(order++).handler(new DateHeader());
        router.route().order(order++).handler(new RequestLog(metrics));
        router.route().order(order++).handler(new IdleConnections());
        if (corsOrigins != null && !corsOrigins.isBlank()) {
            router.route().order(order++).handler(Cors.handler(corsOrigins));
        }
        router.route().order(order++).handler(new ApiKeys(apiKeys, apiKeyFile));
        router.route().order(order++).handler(new Health(camel));
        router.route().order(order++).handler(new ApiDocs());
        router.route().order(order).handler(admission);
        closeWithTheContext(MalformedRequests.takeOver(router.vertx(), router.getServer(), idle));
    }

    private void closeWithTheContext(HttpServer server) {
        try {
            camel.addService(new ServiceSupport() {
                @Override
                protected void doStop() {
                    server.close();
                }
            });
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    /** Camel goes on without a server if its port is taken. */
    private static void requireListening(VertxPlatformHttpServer server) {
        if (server.getServer() instanceof TCPServerBase tcp && !tcp.isListening()) {
            throw new IllegalStateException("Nothing can be served at " + server.getHost() + ":"
                    + server.getConfigurationPort() + ": another process listens there, or the address is not this"
                    + " machine's. Choose another by camel.server.port or camel.server.host; where the application runs by"
                    + " itself, by API_PORT or API_HOST");
        }
    }

    /** The step before {@code vlm:chat}: a client that leaves ends its generation from here on. */
    public void meet(Exchange exchange) {
        Client.meet(exchange);
    }

    /**
     * The step after {@code vlm:chat} or another operation that answers in JSON: sends the answer, whole or in pieces.
     *
     * @throws InvalidPayloadException if the body is none of the answers of {@code vlm:}
     */
    public void answer(Exchange exchange) throws InvalidPayloadException {
        Client client = Client.of(exchange);
        Message message = exchange.getMessage();
        if (message.getBody() instanceof ChunkStream chunks) {
            stream(client, chunks);
            message.removeHeaders("*");
            message.setBody(null);
            return;
        }
        if (message.getBody() instanceof ChatCompletion completion) {
            tell(client.record(), completion, message);
        }
        JsonBody answer = message.getMandatoryBody(JsonBody.class);
        if (FinishReason.TIME_LIMIT.wireName().equals(message.getHeader(VlmConstants.FINISH_REASON))) {
            respond(exchange, OpenAiErrors.timeLimit());
            message.setHeader(OpenAiErrors.SHOULD_RETRY, "false");
        } else {
            respond(exchange, 200, JSON, answer.toJson());
        }
    }

    private void stream(Client client, ChunkStream chunks) {
        try {
            events.send(client, chunks, ChatCompletionChunk::toJson, () -> tell(client.record(), chunks.completions()));
        } finally {
            chunks.close();
        }
    }

    private static void tell(RequestRecord record, ChatCompletion completion, Message message) {
        record.reasons(completion.choices().stream().map(ChatCompletion.Choice::trueFinishReason));
        record.answered(
                message.getHeader(VlmConstants.RESPONSE_MODEL, String.class),
                message.getHeader(VlmConstants.IMAGE_COUNT, 0, Integer.class),
                message.getHeader(VlmConstants.PROMPT_TOKENS, 0, Integer.class),
                message.getHeader(VlmConstants.COMPLETION_TOKENS, 0, Integer.class),
                message.getHeader(VlmConstants.FIRST_WORD_MILLIS, Long.class));
    }

    private static void tell(RequestRecord record, List<Completion> completions) {
        if (completions.isEmpty()) {
            return;
        }
        Completion first = completions.get(0);
        Usage usage =
                completions.stream().map(Completion::usage).reduce(Usage::plus).orElseThrow();
        Duration firstToken = first.timings().firstToken();
        record.reasons(
                completions.stream().map(completion -> completion.finishReason().wireName()));
        record.answered(
                first.model(),
                first.pictures().size(),
                usage.promptTokens(),
                usage.completionTokens(),
                firstToken == null ? null : firstToken.toMillis());
    }

    /** The only step of a route for {@code /metrics}. */
    public void metrics(Exchange exchange) {
        respond(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape());
    }

    /** The step for what a route has thrown: sends it as OpenAI's error. */
    public void refuse(Exchange exchange) {
        OpenAiError error =
                optionNames.in(OpenAiErrors.of(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class)));
        Client.of(exchange)
                .record()
                .reason(
                        error.error().code() != null
                                ? error.error().code()
                                : error.error().type());
        respond(exchange, error);
    }

    private static void respond(Exchange exchange, OpenAiError error) {
        respond(exchange, error.status(), JSON, error.toJson());
        if (OpenAiErrors.isWorthRetrying(error.status())) {
            exchange.getMessage().setHeader("Retry-After", OpenAiErrors.retrySeconds());
        }
    }

    private static void respond(Exchange exchange, int status, String type, String text) {
        Message message = exchange.getMessage();
        // platform-http would send the headers of the request back.
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setHeader(Exchange.CONTENT_TYPE, type);
        message.setBody(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public CamelContext getCamelContext() {
        return camel;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        camel = camelContext;
    }

    /** @param keys the API keys, separated by commas; blank for none */
    public void setApiKeys(String keys) {
        apiKeys = keys;
    }

    /** @param file a file with one API key per line; blank for none */
    public void setApiKeyFile(String file) {
        apiKeyFile = file;
    }

    /** @param origins the origins of web pages that may call, separated by commas; {@code *} for all, blank for none */
    public void setCorsOrigins(String origins) {
        corsOrigins = origins;
    }

    /**
     * @param names what the options of {@code vlm:} that errors name are called here, such as {@code
     *     maxImages=API_MAX_IMAGES}, separated by commas; blank for their own names
     */
    public void setOptionNames(String names) {
        optionNames = new OptionNames(names);
    }

    /** @param limit the most requests in hand at once; fewer than the threads of the server's pool */
    public void setMaxRequests(int limit) {
        maxRequests = limit;
    }

    /** @param millis the silence of a stream after which a comment is sent, in milliseconds */
    public void setKeepAliveMillis(long millis) {
        keepAlive = Duration.ofMillis(millis);
    }

    /** @param millis how long a client may take to send its body, or to take the next piece of an answer, in milliseconds */
    public void setPatienceMillis(long millis) {
        patience = Duration.ofMillis(millis);
    }

    /** @param millis how long a connection is kept that carries no request, or only the beginning of one, in milliseconds */
    public void setIdleMillis(int millis) {
        idle = Duration.ofMillis(millis);
    }

    /** Camel starts its HTTP server by a listener that is the last in order; one that was added later comes after it. */
    private final class AfterTheServer implements StartupListener, Ordered {
        @Override
        public void onCamelContextStarting(CamelContext context, boolean alreadyStarted) {
            // A bean of a YAML file is made twice, and only the second is the one that routes find.
            if (context.getRegistry().findByType(HttpService.class).contains(HttpService.this)) {
                install();
            }
        }

        @Override
        public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
            // By then the service stands.
        }

        @Override
        public int getOrder() {
            return Ordered.LOWEST;
        }
    }
}
