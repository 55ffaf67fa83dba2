package io.github.camelvlm.fetch;

import static io.github.camelvlm.fetch.FetchedPictures.IMAGE_HEAD;
import static io.github.camelvlm.fetch.FetchedPictures.QUICK;
import static io.github.camelvlm.fetch.FetchedPictures.assertFails;
import static io.github.camelvlm.fetch.PictureSourceException.Reason.NO_PICTURE;
import static io.github.camelvlm.fetch.PictureSourceException.Reason.REFUSED;
import static io.github.camelvlm.fetch.PictureSourceException.Reason.UNFETCHABLE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a server that speaks HTTP as it should. */
@Timeout(20)
class HttpPicturesTest {
    private static final byte[] BYTES = "a picture".getBytes(US_ASCII);
    private static final byte[] PNM = "P3 1 1 255 255 0 0".getBytes(US_ASCII);
    private static final byte[] GIF = "GIF89a and so on".getBytes(US_ASCII);

    private final PictureFetcher fetcher = FetchedPictures.fetcher(QUICK);
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/cat.png", exchange -> send(exchange, 200, "Image/PNG", BYTES));
        server.createContext("/page", exchange -> send(exchange, 200, "text/html; charset=utf-8", BYTES));
        server.createContext("/untyped", exchange -> send(exchange, 200, null, BYTES));
        server.createContext("/s3", exchange -> send(exchange, 200, "binary/octet-stream", BYTES));
        server.createContext("/octets", exchange -> send(exchange, 200, "Application/Octet-Stream; x=y", BYTES));
        server.createContext("/text", exchange -> send(exchange, 200, "text/plain", GIF));
        server.createContext("/pnm", exchange -> send(exchange, 200, "text/plain", PNM));
        server.createContext("/short", exchange -> send(exchange, 200, "text/plain", "GIF".getBytes(US_ASCII)));
        server.createContext("/404", exchange -> send(exchange, 404, "image/png", BYTES));
        server.createContext("/500", exchange -> send(exchange, 500, "image/png", BYTES));
        server.createContext("/gzip", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            send(exchange, 200, "image/png", BYTES);
        });
        server.start();
        redirect("/1", 301, "/cat.png");
        redirect("/2", 302, "1");
        redirect("/3", 307, url("public.test", "/2"));
        redirect("/4", 308, "//other.test:" + port() + "/3");
        redirect("/loop", 303, "/loop");
        redirect("/nowhere", 302, null);
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
        fetcher.close();
    }

    @Test
    void fetchesAPicture() {
        assertThat(fetcher.fetch(url("public.test", "/cat.png?size=big"))).isEqualTo(BYTES);
        assertThat(fetcher.fetch("HTTP://127.0.0.1:" + port() + "/cat.png")).isEqualTo(BYTES);
    }

    @Test
    void looksAtTheBytesWhereTheTypeSaysNothingOrSomethingElse() {
        for (String path : List.of("/untyped", "/s3", "/octets")) {
            assertThat(fetcher.fetch(url("public.test", path))).isEqualTo(BYTES);
        }
        assertThat(fetcher.fetch(url("public.test", "/text"))).isEqualTo(GIF);
        assertThat(fetcher.fetch(url("public.test", "/pnm"))).isEqualTo(PNM);
    }

    @Test
    void takesAnAddressWithSpaceAroundIt() {
        assertThat(fetcher.fetch(" " + url("public.test", "/cat.png") + "\n")).isEqualTo(BYTES);
    }

    @Test
    void fetchesFromThisMachineWhenPrivateAddressesAreAllowed() {
        try (PictureFetcher open = new PictureFetcher(QUICK.withAllowPrivateAddresses(true))) {
            assertThat(open.fetch(url("127.0.0.1", "/cat.png"))).isEqualTo(BYTES);
        }
    }

    @Test
    void decodesADataUrl() {
        String url = "data:image/png;base64," + Base64.getEncoder().encodeToString(BYTES);
        assertThat(fetcher.fetch(url)).isEqualTo(BYTES);
        assertThatThrownBy(() -> fetcher.fetch("data:text/html;base64,AAAA"))
                .isInstanceOfSatisfying(
                        PictureSourceException.class,
                        e -> assertThat(e.reason()).isEqualTo(PictureSourceException.Reason.MALFORMED))
                .hasMessage(
                        "picture data:… has the type text/html in its data URL, and its content is no picture: send a picture");
    }

    @Test
    void saysNothingToTheServerButWhatIsNeeded() throws IOException {
        try (RawServer raw = RawServer.saying(IMAGE_HEAD + "\r\n")) {
            fetcher.fetch(raw.url("public.test") + "?a=b#c");
            assertThat(raw.requests().get(0).split("\r\n"))
                    .containsExactlyInAnyOrder(
                            "GET /cat.png?a=b HTTP/1.1",
                            "Accept: image/*",
                            "Accept-Encoding: identity",
                            "Connection: close",
                            "Host: public.test:" + raw.port(),
                            "User-Agent: camel-vlm");
        }
    }

    @Test
    void followsThreeRedirects() {
        assertThat(fetcher.fetch(url("public.test", "/3"))).isEqualTo(BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/4", "/loop"})
    void followsNoFourthRedirect(String path) {
        assertFails(
                fetcher,
                url("public.test", path),
                UNFETCHABLE,
                "it redirects more than 3 times; ask for the picture's own address");
    }

    @Test
    void saysThatARedirectLeadsNowhere() {
        assertFails(
                fetcher,
                url("public.test", "/nowhere"),
                UNFETCHABLE,
                "it redirects without saying where to; ask for the picture's own address");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://169.254.169.254/latest | 169.254.169.254 is a link-local address, not on the public Internet",
                "http://127.0.0.2/ | 127.0.0.2 is a loopback address, not on the public Internet; set"
                        + " allowPrivateAddresses if that is wanted",
                "//[::1]/ | ::1 has the address 0:0:0:0:0:0:0:1, which is a loopback address, not on the public"
                        + " Internet; set allowPrivateAddresses if that is wanted",
                "http://mixed.test/ | mixed.test has the address 10.0.0.1, which is a private address, not on the"
                        + " public Internet; set allowPrivateAddresses if that is wanted",
                "file:///etc/passwd | it redirects to file:///etc/passwd, but only http and https are followed; ask for"
                        + " the picture's own address",
                "data:image/png;base64,AAAA | it redirects to data:…, but only http and https are followed; ask"
                        + " for the picture's own address",
            })
    void refusesARedirectToWhereNoPictureMayComeFrom(String location, String problem) {
        redirect("/away", 302, location);
        assertFails(fetcher, url("public.test", "/away"), REFUSED, problem);
    }

    @Test
    void refusesARedirectWithAUserName() {
        redirect("/away", 302, "http://me:secret@public.test/cat.png?secret");
        assertFails(
                fetcher,
                url("public.test", "/away"),
                UNFETCHABLE,
                "it redirects to http://…@public.test/cat.png, which is not a proper URL; ask for the picture's own"
                        + " address");
    }

    @Test
    void refusesARedirectFromHttpsToHttp() {
        HttpUrl from = HttpUrl.parse("https://public.test/cat.png");
        BasicClassicHttpResponse response = new BasicClassicHttpResponse(302);
        response.setHeader("Location", "http://public.test/cat.png?key=secret");
        assertThatThrownBy(() -> new HttpDownload(null, QUICK, MediaKind.PICTURE, from).next(from, response))
                .isInstanceOfSatisfying(
                        PictureSourceException.class,
                        e -> assertThat(e.reason()).isEqualTo(REFUSED))
                .hasMessage("picture https://public.test/cat.png is refused: it redirects from https to http"
                        + " (http://public.test/cat.png); ask for that address if it is safe");
    }

    @Test
    void asksOnlyTheHostsOfTheList() {
        redirect("/away", 302, url("127.0.0.1", "/cat.png"));
        try (PictureFetcher choosy = FetchedPictures.fetcher(QUICK.withAllowedHosts(List.of("public.test")))) {
            assertThat(choosy.fetch(url("public.test", "/1"))).isEqualTo(BYTES);
            assertFails(
                    choosy,
                    url("other.test", "/cat.png"),
                    REFUSED,
                    "the host other.test is not among those allowed; add it to allowedHosts, or send the picture"
                            + " itself");
            assertFails(
                    choosy,
                    url("public.test", "/away"),
                    REFUSED,
                    "the host 127.0.0.1 is not among those allowed; add it to allowedHosts, or send the picture"
                            + " itself");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/404 | the server answers 404; check the address",
                "/500 | the server answers 500; check the address",
                "/gzip | the server compresses it (gzip) unasked; send the picture itself",
            })
    void saysWhatCameInsteadOfAPicture(String path, String problem) {
        assertFails(fetcher, url("public.test", path + "?key=secret"), UNFETCHABLE, problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"/page | text/html; charset=utf-8", "/short | text/plain"})
    void tellsWhatIsNoPictureFromWhatDidNotCome(String path, String type) {
        assertFails(
                fetcher,
                url("public.test", path + "?key=secret"),
                NO_PICTURE,
                "the server sends " + type + ", not an image; ask for the picture's own address");
    }

    @Test
    void takesAPictureOfExactlyTheLimit() {
        try (PictureFetcher exact = FetchedPictures.fetcher(QUICK.withMaxImageBytes(BYTES.length));
                PictureFetcher below = FetchedPictures.fetcher(QUICK.withMaxImageBytes(BYTES.length - 1))) {
            assertThat(exact.fetch(url("public.test", "/cat.png"))).isEqualTo(BYTES);
            assertFails(
                    below,
                    url("public.test", "/cat.png"),
                    REFUSED,
                    "it has more than the 8 bytes allowed; send a smaller file, or raise maxImageBytes");
        }
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private String url(String host, String path) {
        return "http://" + host + ":" + port() + path;
    }

    private void redirect(String path, int status, String location) {
        server.createContext(path, exchange -> {
            if (location != null) {
                exchange.getResponseHeaders().set("Location", location);
            }
            send(exchange, status, null, new byte[0]);
        });
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        try (exchange) {
            if (type != null) {
                exchange.getResponseHeaders().set("Content-Type", type);
            }
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
