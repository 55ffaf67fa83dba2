package io.github.camelvlm.fetch;

import static io.github.camelvlm.fetch.FetchedPictures.IMAGE_HEAD;
import static io.github.camelvlm.fetch.FetchedPictures.QUICK;
import static io.github.camelvlm.fetch.FetchedPictures.assertFails;
import static io.github.camelvlm.fetch.PictureSourceException.Reason.REFUSED;
import static io.github.camelvlm.fetch.PictureSourceException.Reason.UNFETCHABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against servers that mean harm or are broken. */
@Timeout(20)
class HostileServerTest {
    private static final String TOO_LARGE =
            "it has more than the 20,000,000 bytes allowed; send a smaller file, or raise maxImageBytes";
    private static final String GARBAGE =
            "the host public.test does not answer in proper HTTP; check the address and the port";
    private static final String CUT_OFF = "the answer of public.test is cut off or garbled; try again";

    private final PictureFetcher fetcher = FetchedPictures.fetcher(QUICK);
    private final PictureFetcher hasty =
            FetchedPictures.fetcher(PicturePolicy.DEFAULT.withTimeouts(Duration.ofMillis(300), Duration.ofMillis(300)));
    private static final String TOO_SLOW =
            "it takes longer than the 0.3 s allowed; send the picture itself, or raise fetchTimeout";

    @AfterEach
    void close() {
        fetcher.close();
        hasty.close();
    }

    @Test
    void refusesAResponseThatDeclaresOneHundredMegabytes() throws IOException, InterruptedException {
        try (RawServer server = RawServer.dripping(IMAGE_HEAD + "Content-Length: 104857600\r\n\r\n")) {
            assertFails(fetcher, server.url("public.test"), REFUSED, TOO_LARGE);
            assertThat(server.awaitClientLeft()).isTrue();
        }
    }

    @Test
    void refusesAnEndlessResponse() throws IOException, InterruptedException {
        try (RawServer server = new RawServer(out -> writeForEver(out, IMAGE_HEAD + "\r\n"))) {
            assertFails(fetcher, server.url("public.test"), REFUSED, TOO_LARGE);
            assertThat(server.awaitClientLeft()).isTrue();
        }
    }

    @Test
    void refusesAnEndlessChunk() throws IOException, InterruptedException {
        String head = IMAGE_HEAD + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n";
        try (RawServer server = new RawServer(out -> writeForEver(out, head))) {
            assertFails(fetcher, server.url("public.test"), REFUSED, TOO_LARGE);
            assertThat(server.awaitClientLeft()).isTrue();
        }
    }

    @Test
    void leavesTheBodyOfARedirectUnread() throws IOException, InterruptedException {
        try (RawServer target = RawServer.saying(IMAGE_HEAD + "\r\ncat");
                RawServer server = new RawServer(out -> writeForEver(
                        out, "HTTP/1.1 302 Found\r\nLocation: " + target.url("public.test") + "\r\n\r\n"))) {
            assertThat(fetcher.fetch(server.url("public.test"))).asString().isEqualTo("cat");
            assertThat(server.awaitClientLeft()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a body | HTTP/1.1 200 OK~Content-Type: image/png~~",
                "a body of known length | HTTP/1.1 200 OK~Content-Type: image/png~Content-Length: 1000~~",
                "a chunk | HTTP/1.1 200 OK~Content-Type: image/png~Transfer-Encoding: chunked~~ffff~",
                "a header | HTTP/1.1 200 OK~X: ",
                "a status line | HTTP/1.1 200",
                "the body of an error | HTTP/1.1 302 Found~Location: /cat.png~Content-Length: 1000~~",
            })
    void givesUpOnASlowDripAndClosesTheConnection(String what, String head) throws Exception {
        try (RawServer server = RawServer.dripping(head.replace("~", "\r\n"))) {
            if (head.contains("302")) {
                assertFails(
                        hasty,
                        server.url("public.test"),
                        UNFETCHABLE,
                        "it redirects more than 3 times; ask for the picture's own address");
            } else {
                assertFails(hasty, server.url("public.test"), UNFETCHABLE, TOO_SLOW);
            }
            assertThat(server.awaitClientLeft()).isTrue();
        }
    }

    @Test
    void givesUpOnANameServerThatDoesNotAnswer() {
        CountDownLatch never = new CountDownLatch(1);
        HostLookup stuck = host -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
        };
        PicturePolicy policy = PicturePolicy.DEFAULT.withTimeouts(Duration.ofMillis(300), Duration.ofMillis(300));
        try (PictureFetcher waiting = new PictureFetcher(policy, stuck, address -> Optional.empty())) {
            assertFails(waiting, "http://public.test/cat.png", UNFETCHABLE, TOO_SLOW);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Length: 1000~~cat",
                "Transfer-Encoding: chunked~~5~ca",
                "Transfer-Encoding: chunked~~zz~cat~",
            })
    void saysThatTheAnswerIsCutOff(String rest) throws IOException {
        try (RawServer server = RawServer.saying(IMAGE_HEAD + rest.replace("~", "\r\n"))) {
            assertFails(fetcher, server.url("public.test"), UNFETCHABLE, CUT_OFF);
        }
    }

    @Test
    void takesNoMoreThanTheLengthThatIsDeclared() throws IOException {
        try (RawServer server = RawServer.saying(IMAGE_HEAD + "Content-Length: 3\r\n\r\ncat and more")) {
            assertThat(fetcher.fetch(server.url("public.test"))).asString().isEqualTo("cat");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''",
                "SSH-2.0-OpenSSH_9.6~",
                "HTTP/9.9 200 OK~~",
                "HTTP/1.1 many OK~~",
                "HTTP/1.1 200 OK~Content-Type: image/png~Content-Length: many~~cat",
                "HTTP/1.1 200 OK~Content-Type: image/png~Content-Length: -1~~cat",
            })
    void saysThatTheServerDoesNotSpeakHttp(String answer) throws IOException {
        try (RawServer server = RawServer.saying(answer.replace("~", "\r\n"))) {
            assertFails(fetcher, server.url("public.test"), UNFETCHABLE, GARBAGE);
        }
    }

    @Test
    void refusesAFloodOfHeaders() throws IOException {
        try (RawServer server = RawServer.saying(IMAGE_HEAD + "X: y\r\n".repeat(200) + "\r\ncat")) {
            assertFails(fetcher, server.url("public.test"), UNFETCHABLE, GARBAGE);
        }
    }

    @Test
    void refusesAnEndlessHeader() throws IOException, InterruptedException {
        try (RawServer server = new RawServer(out -> writeForEver(out, "HTTP/1.1 200 OK\r\nX: "))) {
            assertFails(fetcher, server.url("public.test"), UNFETCHABLE, GARBAGE);
            assertThat(server.awaitClientLeft()).isTrue();
        }
    }

    @Test
    void saysThatTheServerHasNoTls() throws IOException {
        try (RawServer server = RawServer.saying("HTTP/1.1 400 Bad Request\r\n\r\n")) {
            String url = server.url("public.test").replace("http:", "https:");
            assertFails(
                    fetcher,
                    url,
                    UNFETCHABLE,
                    "the host public.test has no valid TLS; check the address and the certificate");
        }
    }

    @Test
    void servesOthersWhileOneHostIsSlow() throws Exception {
        ExecutorService callers = Executors.newCachedThreadPool();
        try (RawServer slow = RawServer.dripping(IMAGE_HEAD + "\r\n", 8);
                RawServer good = RawServer.saying(IMAGE_HEAD + "\r\ncat")) {
            List<Future<byte[]>> waiting = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                waiting.add(callers.submit(() -> fetcher.fetch(slow.url("public.test"))));
            }
            assertThat(slow.awaitRequests()).isTrue();
            assertThat(fetcher.fetch(good.url("other.test"))).asString().isEqualTo("cat");
            assertThat(slow.requests()).hasSize(8);
            assertThat(waiting).noneMatch(Future::isDone);
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void breaksOffWhenItIsClosed() throws Exception {
        try (RawServer server = RawServer.dripping(IMAGE_HEAD + "\r\n")) {
            CompletableFuture<Void> failure = CompletableFuture.runAsync(
                    () -> assertFails(fetcher, server.url("public.test"), UNFETCHABLE, CUT_OFF));
            assertThat(server.awaitRequests()).isTrue();
            fetcher.close();
            failure.get(5, TimeUnit.SECONDS);
            assertThat(server.awaitClientLeft()).isTrue();
            assertFails(
                    fetcher,
                    server.url("public.test"),
                    UNFETCHABLE,
                    "the fetcher is closed; start its Camel context again");
        }
    }

    @Test
    void breaksOffWhenItsThreadIsInterrupted() throws Exception {
        try (RawServer server = RawServer.dripping(IMAGE_HEAD + "\r\n")) {
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            Thread caller = new Thread(() -> {
                try {
                    assertFails(fetcher, server.url("public.test"), UNFETCHABLE, "its thread was interrupted");
                    interrupted.complete(Thread.currentThread().isInterrupted());
                } catch (AssertionError e) {
                    interrupted.completeExceptionally(e);
                }
            });
            caller.start();
            assertThat(server.awaitRequests()).isTrue();
            caller.interrupt();
            assertThat(interrupted.get(5, TimeUnit.SECONDS)).isTrue();
            assertThat(server.awaitClientLeft()).isTrue();
        }
    }

    @Test
    void breaksOffWhenItIsCancelled() throws Exception {
        try (RawServer server = RawServer.dripping(IMAGE_HEAD + "\r\n")) {
            CompletableFuture<Void> cancellation = new CompletableFuture<>();
            CompletableFuture<byte[]> fetched =
                    CompletableFuture.supplyAsync(() -> fetcher.fetch(server.url("public.test"), cancellation));
            assertThat(server.awaitRequests()).isTrue();
            cancellation.complete(null);

            assertThatThrownBy(() -> fetched.get(5, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(CancellationException.class)
                    .cause()
                    .hasMessageEndingWith("its request was cancelled");
            assertThat(server.awaitClientLeft()).isTrue();
        }
    }

    @Test
    void asksNobodyForAPictureThatNobodyWaitsFor() throws Exception {
        try (RawServer server = RawServer.saying(IMAGE_HEAD + "\r\ncat")) {
            assertThatThrownBy(() ->
                            fetcher.fetch(server.url("public.test"), CompletableFuture.completedFuture("cancelled")))
                    .isInstanceOf(PictureSourceException.class);
            assertThat(fetcher.fetch(server.url("other.test"))).asString().isEqualTo("cat");
        }
    }

    private static void writeForEver(OutputStream out, String head) throws IOException {
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        byte[] block = new byte[64 * 1024];
        Arrays.fill(block, (byte) 'x');
        while (true) {
            out.write(block);
        }
    }
}
