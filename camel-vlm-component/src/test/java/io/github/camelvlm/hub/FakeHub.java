package io.github.camelvlm.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.camelvlm.goldens.GoldenCase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A server with the URL schemes of the Hugging Face Hub and of ModelScope, on 127.0.0.1. As on the Hub, the bytes of
 * safetensors files lie on another host, to which it redirects: a second server, by the name localhost.
 */
public final class FakeHub implements AutoCloseable {
    static final String MODEL = "test/shapes-vl";
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** @param server {@code hub} or {@code store} */
    record Request(String server, String path, String range, String key) {}

    /** Answers a request in its own way. */
    public interface Answer {
        void to(HttpExchange exchange, byte[] file) throws IOException, InterruptedException;
    }

    private final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, Queue<Answer>> answers = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fake-hub");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpServer hub;
    private final HttpServer store;

    FakeHub(Map<String, byte[]> files) throws IOException {
        this.files.putAll(files);
        hub = start("hub");
        store = start("store");
    }

    /** A hub that has the small model, and beside it what repositories hold as well. */
    public static FakeHub ofShapesVl() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.list(GoldenCase.SHAPES_VL)) {
            for (Path path : paths.toList()) {
                files.put(path.getFileName().toString(), Files.readAllBytes(path));
            }
        }
        files.put("pytorch_model.bin", new byte[] {1, 2, 3});
        files.put("onnx/model.onnx", new byte[] {4, 5, 6});
        return new FakeHub(files);
    }

    private HttpServer start(String name) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", exchange -> serve(name, exchange));
        server.start();
        return server;
    }

    String endpoint() {
        return "http://127.0.0.1:" + hub.getAddress().getPort();
    }

    private String store() {
        return "http://localhost:" + store.getAddress().getPort();
    }

    /** The variables that lead to this hub, and to a cache of its own. */
    public Map<String, String> environment(Path home) {
        return Map.of(
                "HF_ENDPOINT", endpoint(),
                "MODELSCOPE_DOMAIN", endpoint(),
                "HF_HOME", home.toString());
    }

    List<Request> requests() {
        return requests;
    }

    /** The requests for the bytes of a file. */
    List<Request> requests(String file) {
        return requests.stream()
                .filter(request ->
                        request.path().endsWith("/" + file) || request.path().endsWith("=" + file))
                .toList();
    }

    byte[] file(String name) {
        return files.get(name);
    }

    FakeHub with(String name, byte[] bytes) {
        files.put(name, bytes);
        return this;
    }

    FakeHub without(String name) {
        files.remove(name);
        return this;
    }

    /** Answers the next requests for a file so (large ones: those to its store), or {@code listing}. */
    public FakeHub answer(String file, Answer... next) {
        answers.computeIfAbsent(file, name -> new ArrayDeque<>()).addAll(Arrays.asList(next));
        return this;
    }

    private void serve(String server, HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        requests.add(new Request(
                server,
                path,
                exchange.getRequestHeaders().getFirst("Range"),
                exchange.getRequestHeaders().getFirst("Authorization")));
        try (exchange) {
            boolean isListing = path.startsWith("/api/models/") || path.contains("/repo/files");
            String name = path.replaceFirst(".*(/resolve/[^/]+/|/store/|FilePath=)", "");
            describe(exchange, name);
            boolean isRedirect = server.equals("hub") && name.endsWith(".safetensors") && path.contains("/resolve/");
            Answer special = isRedirect ? null : next(isListing ? "listing" : name);
            if (special != null) {
                special.to(exchange, files.get(name));
            } else if (isListing) {
                send(exchange, 200, path.contains("/repo/files") ? modelScopeListing() : listing());
            } else if (!files.containsKey(name)) {
                send(exchange, 404, new byte[0]);
            } else if (isRedirect) {
                exchange.getResponseHeaders().set("Location", store() + "/store/" + name);
                send(exchange, 302, new byte[0]);
            } else {
                sendFile(exchange, files.get(name));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The headers by which huggingface_hub knows a file before it asks for its bytes. */
    private void describe(HttpExchange exchange, String name) {
        byte[] file = files.get(name);
        exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
        if (file != null) {
            String hash = isLarge(name) ? sha256(file) : gitHash(file);
            exchange.getResponseHeaders().set("X-Linked-Etag", '"' + hash + '"');
            exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(file.length));
        }
    }

    private synchronized Answer next(String file) {
        return answers.getOrDefault(file, new ArrayDeque<>()).poll();
    }

    static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, isHead || body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(isHead ? new byte[0] : body);
    }

    static void sendFile(HttpExchange exchange, byte[] file) throws IOException {
        int start = start(exchange);
        if (start > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + start + "-" + (file.length - 1) + "/" + file.length);
        }
        send(exchange, start > 0 ? 206 : 200, Arrays.copyOfRange(file, start, file.length));
    }

    private static int start(HttpExchange exchange) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        return range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    }

    /** Sends as much of what is asked for, and breaks the connection. */
    static Answer breaksAfter(int bytes) {
        return (exchange, file) -> {
            int start = start(exchange);
            if (start > 0) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + start + "-" + (file.length - 1) + "/" + file.length);
            }
            exchange.sendResponseHeaders(start > 0 ? 206 : 200, file.length - start);
            exchange.getResponseBody().write(file, start, bytes);
            exchange.getResponseBody().flush();
        };
    }

    /** Answers with a status, and headers: name, value, name, value. */
    static Answer status(int status, String... headers) {
        return (exchange, file) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            send(exchange, status, new byte[0]);
        };
    }

    static Answer json(String json) {
        return (exchange, file) -> send(exchange, 200, json.getBytes(StandardCharsets.UTF_8));
    }

    /** The listing as the Hub has it, to be changed. */
    ObjectNode listingNode() {
        ObjectNode listing = new ObjectMapper().createObjectNode().put("sha", COMMIT);
        ArrayNode siblings = listing.putArray("siblings");
        files.forEach((name, bytes) -> {
            ObjectNode sibling = siblings.addObject().put("rfilename", name).put("size", bytes.length);
            sibling.put("blobId", gitHash(bytes));
            if (isLarge(name)) {
                sibling.putObject("lfs").put("sha256", sha256(bytes)).put("size", bytes.length);
            }
        });
        return listing;
    }

    private static boolean isLarge(String name) {
        return name.endsWith(".safetensors") || name.endsWith(".bin");
    }

    private byte[] listing() {
        return listingNode().toString().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] modelScopeListing() {
        ObjectNode listing =
                new ObjectMapper().createObjectNode().put("Code", 200).put("Success", true);
        ArrayNode entries = listing.putObject("Data").putArray("Files");
        entries.addObject()
                .put("Path", "onnx")
                .put("Type", "tree")
                .put("Size", 0)
                .put("Sha256", "");
        files.forEach((name, bytes) -> entries.addObject()
                .put("Path", name)
                .put("Type", "blob")
                .put("Size", bytes.length)
                .put("Sha256", sha256(bytes)));
        return listing.toString().getBytes(StandardCharsets.UTF_8);
    }

    static String sha256(byte[] bytes) {
        return hash("SHA-256", new byte[0], bytes);
    }

    static String gitHash(byte[] bytes) {
        return hash("SHA-1", ("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII), bytes);
    }

    private static String hash(String algorithm, byte[] head, byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(head);
            return HexFormat.of().formatHex(digest.digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }
}
