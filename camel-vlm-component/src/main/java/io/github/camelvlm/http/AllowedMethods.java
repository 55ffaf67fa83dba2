package io.github.camelvlm.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the methods and paths of HTTP promise beyond the routes: whatever has GET has HEAD, OPTIONS tells which methods a
 * path has, and the id of a model may hold slashes.
 */
final class AllowedMethods implements Handler<RoutingContext> {
    private static final Set<String> READ_ONLY = Set.of(
            "/health",
            "/health/ready",
            "/health/live",
            "/docs",
            "/docs/swagger-ui.css",
            "/docs/swagger-ui-bundle.js",
            "/openapi.json");
    private static final Pattern PARAMETER = Pattern.compile(":[A-Za-z0-9_]+");
    private static final String MODELS = "/v1/models/";

    private final Router router;

    /** @param router has the routes */
    AllowedMethods(Router router) {
        this.router = router;
    }

    /** Answers OPTIONS where there is something at the path. */
    @Override
    public void handle(RoutingContext context) {
        String allowed = of(context.normalizedPath());
        if (context.request().method() == HttpMethod.OPTIONS && !allowed.isEmpty()) {
            context.response()
                    .setStatusCode(204)
                    .putHeader(HttpHeaders.ALLOW, allowed)
                    .end();
        } else if (READ_ONLY.contains(context.normalizedPath())
                && context.request().method() != HttpMethod.GET) {
            context.fail(405);
        } else {
            context.next();
        }
    }

    /** Gives HEAD to what answers GET, and the path of a model the form that its route has. */
    void reroute(RoutingContext context) {
        HttpMethod method = context.request().method();
        String path = context.request().path();
        String routed = path != null && path.startsWith(MODELS) && path.indexOf('/', MODELS.length()) >= 0
                ? MODELS + URLEncoder.encode(model(path), StandardCharsets.UTF_8)
                : path;
        boolean isHead = method == HttpMethod.HEAD;
        if (path == null || !isHead && routed.equals(path)) {
            context.next();
            return;
        }
        String query = context.request().query();
        // The answer to HEAD stays one without a body, whatever method is asked for inside.
        context.reroute(isHead ? HttpMethod.GET : method, query == null ? routed : routed + "?" + query);
    }

    /** The id of the model that a path ends with. */
    static String model(String path) {
        String id = path.substring(path.indexOf(MODELS) + MODELS.length());
        // In a path + is no space.
        try {
            return URLDecoder.decode(id.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return id;
        }
    }

    /** The methods of a path, separated by commas; empty if there is nothing at it. */
    String of(String asked) {
        // As for the routes, a slash at the end says nothing.
        String path = asked.length() > 1 && asked.endsWith("/") ? asked.substring(0, asked.length() - 1) : asked;
        Set<String> methods = new TreeSet<>();
        if (READ_ONLY.contains(path)) {
            methods.add("GET");
        }
        for (Route route : router.getRoutes()) {
            if (route.methods() != null && route.getPath() != null && matches(route.getPath(), path)) {
                route.methods().forEach(method -> methods.add(method.name()));
            }
        }
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        if (!methods.isEmpty()) {
            methods.add("OPTIONS");
        }
        return String.join(", ", methods);
    }

    private static boolean matches(String route, String path) {
        Matcher parameter = PARAMETER.matcher(route);
        StringBuilder pattern = new StringBuilder();
        int end = 0;
        while (parameter.find()) {
            pattern.append(Pattern.quote(route.substring(end, parameter.start())))
                    .append("[^/]+");
            end = parameter.end();
        }
        pattern.append(Pattern.quote(route.substring(end)));
        return path.matches(pattern.toString());
    }
}
