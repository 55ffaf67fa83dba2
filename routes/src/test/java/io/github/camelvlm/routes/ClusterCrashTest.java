package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers in processes of their own, which may be killed. */
class ClusterCrashTest {
    private static final int REQUESTS = 40;
    /** Each request asks for another number of tokens, by which it is known in the logs of the servers. */
    private static final int SHORTEST = 200;

    private static final Pattern PORT = Pattern.compile("Serving OpenAI's API at http://[^:]+:(\\d+)/v1");
    private static final Pattern ANSWERED =
            Pattern.compile("POST /v1/chat/completions 200 length .* completion_tokens=(\\d+)");

    @TempDir
    private Path root;

    private ApplicationProcess server(String name) throws Exception {
        return new ApplicationProcess(
                Files.createDirectories(root.resolve(name)),
                Map.of(
                        "VLM_MODEL", Goldens.MODEL.toString(),
                        "VLM_DTYPE", "float32",
                        "VLM_THREADS", "1",
                        "VLM_FOLDER", "false",
                        "VLM_MAX_SEQUENCES", "4"));
    }

    private static int port(ApplicationProcess process) throws Exception {
        Await.until("the server tells its port", () -> matches(process, PORT).count() == 1);
        return matches(process, PORT).findFirst().orElseThrow();
    }

    private static Stream<Integer> matches(ApplicationProcess process, Pattern pattern) throws Exception {
        return process.output().stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(found -> Integer.valueOf(found.group(1)));
    }

    @Test
    void losesOnlyWhatHadBegunAndAnswersNothingTwiceWhenAServerIsKilled() throws Exception {
        try (ApplicationProcess one = server("one");
                ApplicationProcess two = server("two");
                RunningService front = new RunningService(Map.of(
                        "vlm.engine",
                        "remote",
                        "vlm.model",
                        "",
                        "vlm.base-url",
                        "http://localhost:" + port(one) + "," + "http://localhost:" + port(two)))) {
            List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                String request = Conversations.longAnswer(SHORTEST + i)
                        .put("ignore_eos", true)
                        .toString();
                replies.add(front.client()
                        .sendAsync(front.post("/v1/chat/completions", request).build(), BodyHandlers.ofString()));
            }
            Await.until("some are answered", () -> matches(one, ANSWERED).count() >= 3);
            one.kill();

            List<Integer> answered = new ArrayList<>();
            List<String> lost = new ArrayList<>();
            for (CompletableFuture<HttpResponse<String>> reply : replies) {
                String body = reply.get(60, TimeUnit.SECONDS).body();
                if (reply.get().statusCode() == 200) {
                    answered.add(new ObjectMapper()
                            .readTree(body)
                            .at("/usage/completion_tokens")
                            .asInt());
                } else {
                    lost.add(body);
                }
            }

            assertThat(lost)
                    .as("what was being answered")
                    .hasSizeBetween(1, 4)
                    .allMatch(body -> body.contains("The answer broke off in the middle"));
            assertThat(answered).doesNotHaveDuplicates().hasSize(REQUESTS - lost.size());
            List<Integer> onServers = Stream.concat(matches(one, ANSWERED), matches(two, ANSWERED))
                    .toList();
            assertThat(onServers).doesNotHaveDuplicates();
            // A server that is killed may not have written the line of its last answer.
            assertThat(answered)
                    .containsAll(onServers.stream().filter(answered::contains).toList());
            assertThat(matches(two, ANSWERED).toList()).isSubsetOf(answered).hasSizeGreaterThan(REQUESTS / 2);
        }
    }

    @Test
    void needsNoLibtorchWhereTheModelRunsElsewhere() throws Exception {
        try (RunningService server = new RunningService(Map.of())) {
            Path inbox = Files.createDirectories(root.resolve("inbox"));
            Files.copy(Goldens.picture("one-shape.png"), inbox.resolve("one.png"));
            try (ApplicationProcess folder = new ApplicationProcess(
                    root,
                    Map.of(
                            "VLM_ENGINE",
                            "remote",
                            "VLM_BASE_URL",
                            "http://localhost:" + server.port() + "/v1",
                            "VLM_SETTLE",
                            "100ms"),
                    jar -> !jar.contains("pytorch"))) {
                Path caption = root.resolve("captions/one.png.txt");
                Await.until("the caption", () -> Files.exists(caption));
                assertThat(caption).hasContent(Goldens.caption("one-shape.png"));
                assertThat(folder.errors()).isEmpty();
            }
        }
    }
}
