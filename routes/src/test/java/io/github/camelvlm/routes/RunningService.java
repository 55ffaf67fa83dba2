package io.github.camelvlm.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import io.github.camelvlm.routes.start.StartListener;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Ordered;
import org.apache.camel.StartupListener;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/** The application in this JVM, serving the model shapes-vl in float32 on one thread at a free port. */
public final class RunningService implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Main main = new Main();
    private final String key;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** @param properties beside those that every test needs */
    public RunningService(Map<String, String> properties) {
        this(properties, service -> {});
    }

    /**
     * @param properties beside those that every test needs
     * @param whileLoading done when the server runs and the model is not loaded yet
     */
    public RunningService(Map<String, String> properties, WhileLoading whileLoading) {
        key = properties.getOrDefault("api.key", "none");
        main.addOverrideProperty("vlm.model", Goldens.MODEL.toString());
        main.addOverrideProperty("vlm.device", "cpu");
        main.addOverrideProperty("vlm.dtype", "float32");
        main.addOverrideProperty("vlm.threads", "1");
        main.addOverrideProperty("vlm.folder", "false");
        main.addOverrideProperty("api.host", "localhost");
        main.addOverrideProperty("api.port", "0");
        properties.forEach(main::addOverrideProperty);
        StartListener.addTo(main);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport configured) {
                addStartupListener(configured.getCamelContext(), whileLoading);
            }
        });
        main.start();
    }

    private void addStartupListener(CamelContext context, WhileLoading whileLoading) {
        try {
            context.addStartupListener(new BeforeTheRoutes(() -> whileLoading.run(this)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a test does between the start of the server and that of the routes. */
    public interface WhileLoading {
        void run(RunningService service) throws Exception;
    }

    private interface Step {
        void run() throws Exception;
    }

    /** The last of Camel's listeners: the server's own comes before it. */
    private record BeforeTheRoutes(Step step) implements StartupListener, Ordered {
        @Override
        public void onCamelContextStarting(CamelContext context, boolean alreadyStarted) throws Exception {
            step.run();
        }

        @Override
        public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
            // Nothing is left to do.
        }

        @Override
        public int getOrder() {
            return Ordered.LOWEST;
        }
    }

    public int port() {
        return main.getCamelContext().getRegistry().findByType(VertxPlatformHttpRouter.class).stream()
                .findFirst()
                .orElseThrow()
                .getServer()
                .getPort();
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path))
                .timeout(Duration.ofSeconds(60));
    }

    public HttpRequest.Builder post(String path, String json) {
        return request(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(json));
    }

    public Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return new Reply(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    }

    public Reply get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    public Reply chat(String json) throws IOException, InterruptedException {
        return send(post("/v1/chat/completions", json));
    }

    /** OpenAI's own client of this service; the caller closes it. */
    public OpenAIClient openAi(String apiKey) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://localhost:" + port() + "/v1")
                .apiKey(apiKey)
                .maxRetries(0)
                .build();
    }

    public CamelContext context() {
        return main.getCamelContext();
    }

    /** The requests that the routes work on. */
    public int requestsInHand() {
        return main.getCamelContext().getInflightRepository().size();
    }

    /** The requests that the engine has ended for a reason. */
    public double ended(String reason) throws IOException, InterruptedException {
        return metric("vlm_request_success_total{finished_reason=\"" + reason + "\"");
    }

    /** The sum of the metrics whose lines begin with a text. */
    public double metric(String name) throws IOException, InterruptedException {
        return send(request("/metrics").header("Authorization", "Bearer " + key))
                .text()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    public boolean isStopping() {
        return main.getCamelContext().isStopping();
    }

    public HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        main.stop();
    }

    /** What came back. */
    public record Reply(HttpResponse<String> response) {
        public int status() {
            return response.statusCode();
        }

        public String text() {
            return response.body();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        public JsonNode json() throws IOException {
            return JSON.readTree(response.body());
        }

        public JsonNode error() throws IOException {
            return json().get("error");
        }
    }
}
