package io.github.camelvlm.routes.command;

import io.github.camelvlm.routes.start.PropertyInForce;
import io.github.camelvlm.routes.start.PropertySources;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code health}: asks the application that runs on this machine, for containers that have no other client in them. */
@Command(
        name = "health",
        mixinStandardHelpOptions = true,
        versionProvider = ApplicationCommand.Version.class,
        description = {
            "Asks the application that runs on this machine whether it can answer requests, where API_HOST, API_PORT and"
                    + " API_TLS or application.properties say that it listens.",
            ""
        },
        footerHeading = "%nExit status:%n",
        footer = {"  0   it can", "  1   it cannot yet, or does not run", "  2   the command line is wrong"})
final class HealthCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Option(names = "--live", description = "Whether it runs and needs no restart, if its model is still loaded too.")
    private boolean isLiveness;

    @Override
    public Integer call() throws Exception {
        Map<String, String> properties = PropertySources.inForce().stream()
                .collect(Collectors.toMap(
                        PropertyInForce::name, property -> property.value().strip()));
        boolean isTls = Boolean.parseBoolean(properties.get("api.tls"));
        URI address = URI.create((isTls ? "https://" : "http://") + host(properties.get("api.host")) + ":"
                + properties.get("api.port") + "/health/" + (isLiveness ? "live" : "ready"));
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
        if (isTls) {
            client.sslContext(trustingItself());
        }
        try {
            HttpResponse<String> answer = client.build()
                    .send(
                            HttpRequest.newBuilder(address).timeout(PATIENCE).build(),
                            HttpResponse.BodyHandlers.ofString());
            System.out.println(answer.body().strip());
            return answer.statusCode() == 200 ? 0 : 1;
        } catch (IOException e) {
            System.err.println("camel-vlm: nothing answers at " + address
                    + ": start it, or say where it listens by API_HOST and API_PORT");
            return 1;
        }
    }

    private static String host(String listening) {
        return switch (listening) {
            case "0.0.0.0", "::", "[::]" -> "localhost";
            default -> listening.contains(":") && !listening.startsWith("[") ? "[" + listening + "]" : listening;
        };
    }

    /** The certificate is for the names by which others know this machine, and nothing secret is sent. */
    private static SSLContext trustingItself() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new AnyCertificate()}, null);
        return context;
    }

    private static final class AnyCertificate extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
