package io.github.camelvlm.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;

/**
 * Shows what the service understands: {@code GET /openapi.json}, and as a page to try it from {@code GET /docs}. The page
 * needs the artifact {@code org.webjars:swagger-ui}.
 */
final class ApiDocs implements Handler<RoutingContext> {
    private static final Map<String, String> OWN = Map.of("/openapi.json", "openapi.json", "/docs", "docs.html");
    private static final Map<String, String> TYPES = Map.of(
            "json", "application/json",
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8");
    private static final String WEBJAR = "META-INF/resources/webjars/swagger-ui/";

    @Override
    public void handle(RoutingContext context) {
        String path = context.normalizedPath();
        HttpMethod method = context.request().method();
        if (method != HttpMethod.GET && method != HttpMethod.HEAD) {
            context.next();
        } else if (path.equals("/docs/")) {
            context.redirect("/docs");
        } else if (OWN.containsKey(path)) {
            send(context, path, ApiDocs.class.getResourceAsStream(OWN.get(path)));
        } else if (path.equals("/docs/swagger-ui.css") || path.equals("/docs/swagger-ui-bundle.js")) {
            send(context, path, webjar(path.substring("/docs/".length())));
        } else {
            context.next();
        }
    }

    private static void send(RoutingContext context, String path, InputStream resource) {
        if (resource == null) {
            context.next();
            return;
        }
        try (resource) {
            String file = OWN.getOrDefault(path, path);
            context.response()
                    .putHeader("Content-Type", TYPES.get(file.substring(file.lastIndexOf('.') + 1)))
                    .end(Buffer.buffer(resource.readAllBytes()));
        } catch (IOException e) {
            context.fail(e);
        }
    }

    private static InputStream webjar(String file) {
        ClassLoader loader = ApiDocs.class.getClassLoader();
        Properties properties = new Properties();
        try (InputStream pom = loader.getResourceAsStream("META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            if (pom == null) {
                return null;
            }
            properties.load(pom);
        } catch (IOException e) {
            return null;
        }
        return loader.getResourceAsStream(WEBJAR + properties.getProperty("version") + "/" + file);
    }
}
