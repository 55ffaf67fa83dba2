package io.github.camelvlm.routes.page;

import io.github.camelvlm.openai.OpenAiError;
import io.github.camelvlm.routes.report.BrowserCache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;

/**
 * Serves the files of the page, which are held in memory and are all that can be asked for. A browser keeps them, and asks
 * each time whether they are still the same. None may load anything from another host, or hold a script or style itself.
 */
public final class Page {
    private static final String START = "index.html";
    private static final List<String> FILES = List.of(
            START,
            "page.css",
            "icon.svg",
            "main.js",
            "api.js",
            "texts.js",
            "elements.js",
            "pictures.js",
            "conversation.js",
            "boxes.js",
            "settings.js",
            "recipes.js",
            "folder.js",
            "samples/circle-and-ring.png",
            "samples/diamond.png",
            "samples/sign.png",
            "samples/star-cross-square.jpg",
            "samples/triangle-and-hexagon.png",
            "samples/two-stars.webp");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "jpg", "image/jpeg",
            "webp", "image/webp");
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' blob: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private record File(String type, byte[] content, String tag) {}

    private final Map<String, File> files = new HashMap<>();

    /** @throws IllegalStateException if a file is missing from the jar */
    public Page() {
        FILES.forEach(name -> files.put(name, read(name)));
    }

    private static File read(String name) {
        try (InputStream resource = Page.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException(name + " of the page is missing: build the application again");
            }
            byte[] content = resource.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            String tag = '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, 12)) + '"';
            return new File(TYPES.get(name.substring(name.lastIndexOf('.') + 1)), content, tag);
        } catch (IOException e) {
            throw new IllegalStateException(name + " of the page cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }

    /** Answers with the page itself. */
    public void start(@Header("If-None-Match") String known, Exchange exchange) {
        answer(exchange, files.get(START), known);
    }

    /** Answers with a file that the page consists of. */
    public void part(@Header("file") String file, @Header("If-None-Match") String known, Exchange exchange) {
        answer(exchange, files.get(file), known);
    }

    /** Answers with a picture to try. */
    public void sample(@Header("file") String file, @Header("If-None-Match") String known, Exchange exchange) {
        answer(exchange, files.get("samples/" + file), known);
    }

    private static void answer(Exchange exchange, File file, String known) {
        Message message = exchange.getMessage();
        // platform-http would send the headers of the request back.
        message.removeHeaders("*");
        message.setBody(null);
        message.setHeader("X-Content-Type-Options", "nosniff");
        if (file == null) {
            OpenAiError error = new OpenAiError(
                    404,
                    new OpenAiError.Detail(
                            "The page has no such file: open / for the page itself",
                            "invalid_request_error",
                            null,
                            "not_found"));
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, error.status());
            message.setHeader(Exchange.CONTENT_TYPE, "application/json");
            message.setBody(ByteBuffer.wrap(error.toJson().getBytes(StandardCharsets.UTF_8)));
            return;
        }
        message.setHeader("ETag", file.tag());
        BrowserCache.set(exchange, "no-cache");
        message.setHeader("Content-Security-Policy", POLICY);
        message.setHeader("Referrer-Policy", "no-referrer");
        if (file.tag().equals(known)) {
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, 304);
        } else {
            message.setHeader(Exchange.CONTENT_TYPE, file.type());
            // Bytes would go in chunks, and their end comes behind that of a client which has all of them.
            message.setBody(ByteBuffer.wrap(file.content()));
        }
    }
}
