package io.github.camelvlm.routes.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.routes.Conversations;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.Mutations;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** One client over HTTP, which asks one thing after the other: mostly what it knows the answer to, at times what none should send. */
final class Client implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int SOCKET_MILLIS = 5_000;
    private static final String CHAT = "/v1/chat/completions";

    private static final List<JsonNode> SURE = Goldens.all().stream()
            .filter(golden -> golden.get("smallest_margin").asDouble() > 0.1)
            .toList();
    private static final List<String> FORBIDDEN = List.of(
            "{\"messages\":[]}",
            "{\"model\":\"shapes-vl\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"temperature\":-1}",
            "{\"model\":\"other\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
            "{\"model\":\"shapes-vl\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                    + "\"image_url\":{\"url\":\"http://127.0.0.1/x.png\"}}]}]}",
            "{\"model\":\"shapes-vl\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                    + "\"image_url\":{\"url\":\"file:///etc/passwd\"}}]}]}",
            "[[[[[[[[[[[[[[[[",
            "");
    private static final List<String> RAW = List.of(
            "GET / HTTP/9.9\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001",
            "POST " + CHAT + " HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
            "POST " + CHAT + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "GET /v1/models HTTP/1.1\r\nX: " + "y".repeat(20_000) + "\r\n\r\n");

    private final Target target;
    private final Tally tally;
    private final BooleanSupplier goesOn;
    private final Duration pause;
    private final RandomGenerator random;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * @param goesOn whether it asks once more
     * @param pause between an answer and the next request
     */
    Client(Target target, Tally tally, BooleanSupplier goesOn, Duration pause, long seed) {
        this.target = target;
        this.tally = tally;
        this.goesOn = goesOn;
        this.pause = pause;
        this.random = new SplittableRandom(seed);
    }

    @Override
    public void run() {
        while (goesOn.getAsBoolean()) {
            int life = target.life();
            if (life % 2 != 0) {
                target.awaitLife();
                continue;
            }
            try {
                ask();
            } catch (IOException e) {
                if (target.life() == life) {
                    tally.fault("HTTP: " + e);
                } else {
                    tally.count("HTTP: broken off by a kill");
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                tally.fault("HTTP: " + e);
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    private void ask() throws IOException, InterruptedException {
        int of100 = random.nextInt(100);
        if (of100 < 45) {
            askWhatIsKnown();
        } else if (of100 < 55) {
            readStream();
        } else if (of100 < 60) {
            leaveStream();
        } else if (of100 < 65) {
            tokenize();
        } else if (of100 < 78) {
            sendChangedRequest();
        } else if (of100 < 90) {
            sendHostilePicture();
        } else if (of100 < 96) {
            sendForbidden();
        } else {
            sendRaw();
        }
    }

    private void askWhatIsKnown() throws IOException, InterruptedException {
        JsonNode golden = SURE.get(random.nextInt(SURE.size()));
        HttpResponse<String> reply = post(CHAT, Conversations.request(golden).toString());
        if (isBusy(reply)) {
            return;
        }
        String text = reply.statusCode() == 200
                ? JSON.readTree(reply.body()).at("/choices/0/message/content").asText()
                : "";
        settle(golden, text, "status " + reply.statusCode() + " " + reply.body());
    }

    private void readStream() throws IOException, InterruptedException {
        JsonNode golden = SURE.get(random.nextInt(SURE.size()));
        ObjectNode request = Conversations.request(golden).put("stream", true);
        HttpResponse<InputStream> reply = http.send(request(CHAT, request.toString()), BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(reply.body(), StandardCharsets.UTF_8))) {
            if (reply.statusCode() != 200) {
                countBusyOr(reply.statusCode(), "HTTP: a stream got " + reply.statusCode());
                return;
            }
            StringBuilder text = new StringBuilder();
            boolean done = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                done |= line.equals("data: [DONE]");
                if (line.startsWith("data: {")) {
                    text.append(JSON.readTree(line.substring("data: ".length()))
                            .at("/choices/0/delta/content")
                            .asText());
                }
            }
            settle(golden, text.toString(), "a stream that " + (done ? "ended" : "broke off") + ": " + text);
        }
    }

    private void settle(JsonNode golden, String text, String otherwise) {
        if (text.equals(golden.get("text").asText())) {
            tally.count("HTTP: answered rightly");
        } else {
            tally.fault("HTTP: " + golden.get("name").asText() + ": " + otherwise);
        }
    }

    private void leaveStream() throws IOException, InterruptedException {
        ObjectNode request = Conversations.longAnswer(1000).put("stream", true);
        HttpResponse<InputStream> reply = http.send(request(CHAT, request.toString()), BodyHandlers.ofInputStream());
        try (InputStream body = reply.body()) {
            if (reply.statusCode() == 200) {
                body.readNBytes(200);
                tally.count("HTTP: streams that the client left");
            } else {
                countBusyOr(reply.statusCode(), "HTTP: a stream got " + reply.statusCode());
            }
        }
    }

    private void tokenize() throws IOException, InterruptedException {
        JsonNode golden = SURE.get(random.nextInt(SURE.size()));
        ObjectNode request =
                JSON.createObjectNode().put("prompt", golden.get("text").asText());
        request.put("add_special_tokens", false);
        HttpResponse<String> reply = post("/tokenize", request.toString());
        if (!isBusy(reply)) {
            if (reply.statusCode() == 200
                    && JSON.readTree(reply.body()).get("count").asInt() > 0) {
                tally.count("HTTP: answered rightly");
            } else {
                tally.fault("HTTP: /tokenize got " + reply.statusCode() + " " + reply.body());
            }
        }
    }

    private void sendChangedRequest() throws IOException, InterruptedException {
        byte[] request = Conversations.describe("one-shape.png", "Hi")
                .put("max_tokens", 1)
                .put("top_p", 0.9)
                .put("n", 1)
                .put("stream", false)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        expectRefusalOrAnswer(
                "a changed request",
                http.send(
                        builder(CHAT)
                                .POST(BodyPublishers.ofByteArray(Mutations.of(request, random)))
                                .build(),
                        BodyHandlers.ofString()));
    }

    private void sendHostilePicture() throws IOException, InterruptedException {
        ObjectNode request = Conversations.describe("one-shape.png", "Hi").put("max_tokens", 1);
        request.findParent("url")
                .put("url", "data:image/png;base64," + Base64.getEncoder().encodeToString(HostilePictures.any(random)));
        expectRefusalOrAnswer("a hostile picture", post(CHAT, request.toString()));
    }

    private void sendForbidden() throws IOException, InterruptedException {
        HttpResponse<String> reply = post(CHAT, FORBIDDEN.get(random.nextInt(FORBIDDEN.size())));
        if (reply.statusCode() == 200) {
            tally.fault("HTTP: what is forbidden was answered: " + reply.body());
        } else {
            expectRefusalOrAnswer("what is forbidden", reply);
        }
    }

    private void expectRefusalOrAnswer(String what, HttpResponse<String> reply) {
        if (isBusy(reply)) {
            return;
        }
        if (reply.statusCode() == 200) {
            tally.count("HTTP: hostile but readable, answered");
        } else if (reply.statusCode() >= 400
                && reply.statusCode() < 500
                && reply.body().contains("\"message\"")) {
            tally.count("HTTP: hostile, refused");
        } else {
            tally.fault("HTTP: " + what + " got " + reply.statusCode() + " " + reply.body());
        }
    }

    /** What no client library would send; all that is asked is that the connection does not stay open. */
    private void sendRaw() throws IOException {
        try (Socket socket = new Socket("localhost", target.port())) {
            socket.setSoTimeout(SOCKET_MILLIS);
            socket.getOutputStream().write(RAW.get(random.nextInt(RAW.size())).getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            if (reply.startsWith("HTTP/1.1 2") || reply.startsWith("HTTP/1.1 5")) {
                tally.fault("HTTP: what is no request was answered: " + reply);
            } else {
                tally.count("HTTP: no HTTP at all, refused");
            }
        }
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return http.send(request(path, body), BodyHandlers.ofString());
    }

    private HttpRequest request(String path, String body) {
        return builder(path).POST(BodyPublishers.ofString(body)).build();
    }

    private HttpRequest.Builder builder(String path) {
        return HttpRequest.newBuilder(target.uri(path)).timeout(LIMIT).header("Content-Type", "application/json");
    }

    private boolean isBusy(HttpResponse<String> reply) {
        boolean busy = reply.statusCode() == 429 || reply.statusCode() == 503;
        if (busy) {
            tally.count("HTTP: told to come later");
        }
        return busy;
    }

    private void countBusyOr(int status, String fault) {
        if (status == 429 || status == 503) {
            tally.count("HTTP: told to come later");
        } else {
            tally.fault(fault);
        }
    }
}
