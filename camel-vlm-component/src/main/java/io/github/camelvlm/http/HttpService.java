package io.github.camelvlm.http;

import io.github.camelvlm.VlmConstants;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Usage;
import io.github.camelvlm.dialect.AnswerStream;
import io.github.camelvlm.dialect.Call;
import io.github.camelvlm.dialect.Dialect;
import io.github.camelvlm.dialect.Dialogue;
import io.github.camelvlm.dialect.NotKeptException;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChunkStream;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.OpenAiError;
import io.vertx.core.http.HttpServerRequest;
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
import org.apache.camel.StartupListener;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;

/**
 * Makes an OpenAI-compatible service of a route: a bean with three steps, {@link #meet} before {@code vlm:chat}, {@link
 * #answer} after it, and {@link #refuse} for what goes wrong; {@link #read} after {@code meet} serves another {@link
 * Dialect}. What concerns all requests stands before the routes: their
 * ids, keys, number and log, the origins they may come from, and the server's health.
 *
 * <p>It is set up in YAML, with {@code initMethod: start}, and brings the HTTP server with it.
 */
public final class HttpService extends HttpServiceSettings implements CamelContextAware {
    private static final String JSON = "application/json";
    private static final String DIALOGUE = "CamelVlmDialogue";
    private static final String PATH = "CamelVlmPath";

    private CamelContext camel;
    private ServerSentEvents events;
    private HandlerChain chain;

    /** Takes its place in the HTTP server as soon as that runs, before the routes start and load the model. */
    public void start() throws Exception {
        camel.addStartupListener(new AfterTheServer());
    }

    private void serve() throws Exception {
        VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
        configuration.setBindHost(host());
        configuration.setBindPort(port());
        configuration.setServerType(VertxPlatformHttpRouter.SERVER_TYPE_SERVER);
        configuration.setUseGlobalSslContextParameters(isTls());
        // The routes below it are set up while it starts, and it stops with the context.
        camel.addService(new ApiServer(configuration, isHttp2(), this::install), true, true);
    }

    private ApiServer.Watch install(VertxPlatformHttpRouter router) {
        events = new ServerSentEvents(router.vertx(), keepAlive(), patience());
        chain = new HandlerChain(this, camel);
        return chain.install(router);
    }

    /**
     * The step before what is not for everybody: where there are no keys that clients must send, those of this machine alone
     * come past it. The others are {@link #refuse}d with 403. Its path must be below {@code /v1}, which keys guard.
     */
    public void keepPrivate(Exchange exchange) {
        if (!chain.asksForKeys() && !OwnMachine.made(request(exchange))) {
            throw new NotFromHereException();
        }
    }

    /** The step before {@code vlm:chat}: a client that leaves ends its generation from here on. */
    public void meet(Exchange exchange) {
        Client.meet(exchange);
    }

    /**
     * The step between {@link #meet} and {@code vlm:chat} that reads a request in the dialect of its path. From there on it
     * is answered in that dialect.
     *
     * @throws InvalidPayloadException if the body cannot be read
     */
    public void read(Exchange exchange) throws InvalidPayloadException {
        Dialogue dialogue = dialect(exchange).read(call(exchange));
        exchange.setProperty(DIALOGUE, dialogue);
        exchange.getMessage().setBody(dialogue.request());
    }

    /**
     * The step before {@link #answer} where a dialect answers by itself, without the model.
     *
     * @throws InvalidPayloadException if the body cannot be read
     */
    public void look(Exchange exchange) throws InvalidPayloadException {
        exchange.getMessage().setBody(dialect(exchange).look(call(exchange)));
    }

    /** The step before what only clients of a dialect ask for: there is nothing where that is turned off. */
    public void requireDialect(Exchange exchange) {
        dialect(exchange);
    }

    private static Dialect dialect(Exchange exchange) {
        exchange.setProperty(PATH, request(exchange).path());
        Dialect dialect = Client.of(exchange).record().dialect();
        if (dialect == null) {
            throw new NotKeptException("There is nothing at this path: the protocol of its clients is turned off here");
        }
        return dialect;
    }

    private static Call call(Exchange exchange) throws InvalidPayloadException {
        HttpServerRequest request = request(exchange);
        Message message = exchange.getMessage();
        return new Call(
                request.method().name(),
                request.path(),
                message.getBody() == null ? new byte[0] : message.getMandatoryBody(byte[].class),
                Client.of(exchange).record().owner(),
                request::getHeader);
    }

    /**
     * The step after {@code vlm:chat} or another operation that answers in JSON: sends the answer, whole or in pieces.
     *
     * @throws InvalidPayloadException if the body is none of the answers of {@code vlm:}
     */
    public void answer(Exchange exchange) throws InvalidPayloadException {
        Client client = Client.of(exchange);
        Message message = exchange.getMessage();
        Dialogue dialogue = exchange.getProperty(DIALOGUE, Dialogue.class);
        if (message.getBody() instanceof ChunkStream chunks) {
            stream(client, chunks, dialogue);
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
            respond(exchange, 200, JSON, told(exchange, dialogue, answer).toJson());
        }
    }

    private static JsonBody told(Exchange exchange, Dialogue dialogue, JsonBody answer) {
        if (dialogue != null && answer instanceof ChatCompletion completion) {
            Long millis = exchange.getMessage().getHeader(VlmConstants.TIME_TO_FIRST_TOKEN_MILLIS, Long.class);
            return dialogue.answer(completion, millis == null ? null : Duration.ofMillis(millis));
        }
        Dialect dialect = Client.of(exchange).record().dialect();
        // A step of the route may have put another message in the place of that of the request.
        String path = exchange.getMessage() instanceof HttpMessage message
                ? message.getRequest().path()
                : exchange.getProperty(PATH, "", String.class);
        return dialect == null ? answer : dialect.tell(path, answer);
    }

    private void stream(Client client, ChunkStream chunks, Dialogue dialogue) {
        try {
            AnswerStream writer = dialogue == null ? new OpenAiStream() : dialogue.stream();
            events.send(
                    client, chunks, writer, failure -> error(failure, dialogue), () -> tell(client.record(), chunks));
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
                message.getHeader(VlmConstants.TIME_TO_FIRST_TOKEN_MILLIS, Long.class));
    }

    private static void tell(RequestRecord record, ChunkStream chunks) {
        List<Completion> completions = chunks.completions();
        if (completions.isEmpty()) {
            return;
        }
        Completion first = completions.get(0);
        Usage usage = chunks.usage();
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
        respond(
                exchange,
                200,
                "text/plain; version=0.0.4; charset=utf-8",
                areVllmMetricsTold()
                        ? VllmNames.added(chain.metrics().scrape())
                        : chain.metrics().scrape());
    }

    /** The step before {@code vlm:models} that takes the model's id from the path, which ends with it. */
    public void model(Exchange exchange) {
        exchange.getMessage()
                .setHeader(
                        VlmConstants.MODEL,
                        AllowedMethods.model(request(exchange).path()));
    }

    private static HttpServerRequest request(Exchange exchange) {
        if (!(exchange.getMessage() instanceof HttpMessage message)) {
            throw new IllegalStateException("Only a message from platform-http has a request");
        }
        return message.getRequest();
    }

    /** The step for what a route has thrown: sends it as OpenAI's error, or in the dialect of the request. */
    public void refuse(Exchange exchange) {
        OpenAiError error = error(
                exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class),
                exchange.getProperty(DIALOGUE, Dialogue.class));
        Client.of(exchange)
                .record()
                .reason(
                        error.error().code() != null
                                ? error.error().code()
                                : error.error().type());
        respond(exchange, error);
    }

    /** A failure in the words of this application's options, and of the client's fields. */
    private OpenAiError error(Throwable failure, Dialogue dialogue) {
        OpenAiError thrown = OpenAiErrors.of(failure).worded(optionNames());
        return dialogue == null ? thrown : dialogue.retold(thrown);
    }

    private static void respond(Exchange exchange, OpenAiError error) {
        Dialect dialect = Client.of(exchange).record().dialect();
        respond(exchange, error.status(), JSON, Dialects.toJson(error, dialect));
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

    /** Camel starts its HTTP server by a listener that is the last in order; one that was added later comes after it. */
    private final class AfterTheServer implements StartupListener, Ordered {
        @Override
        public void onCamelContextStarting(CamelContext context, boolean alreadyStarted) throws Exception {
            // A bean of a YAML file is made twice, and only the second is the one that routes find.
            if (context.getRegistry().findByType(HttpService.class).contains(HttpService.this)) {
                serve();
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
