package io.github.camelvlm.fetch;

import static io.github.camelvlm.fetch.FetchedPictures.IMAGE_HEAD;
import static io.github.camelvlm.fetch.FetchedPictures.QUICK;
import static io.github.camelvlm.fetch.FetchedPictures.assertFails;
import static io.github.camelvlm.fetch.PictureSourceException.Reason.REFUSED;
import static io.github.camelvlm.fetch.PictureSourceException.Reason.UNFETCHABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to write this machine's address, none of which may get through to the server that listens there. */
@Timeout(20)
class HttpAddressTest {
    private static final String MEND = "; set allowPrivateAddresses if that is wanted";

    private final PictureFetcher fetcher = new PictureFetcher(QUICK);
    private RawServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = RawServer.saying(IMAGE_HEAD + "\r\nsecret");
    }

    @AfterEach
    void nobodyHasAskedTheServer() throws IOException {
        assertThat(server.requests()).isEmpty();
        server.close();
        fetcher.close();
    }

    @Test
    void refusesALoopbackAddress() {
        assertFails(
                fetcher,
                server.url("127.0.0.1"),
                REFUSED,
                "127.0.0.1 is a loopback address, not on the public Internet" + MEND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost."})
    void refusesANameThatResolvesToLoopback(String name) {
        assertThatThrownBy(() -> fetcher.fetch(server.url(name)))
                .isInstanceOfSatisfying(
                        PictureSourceException.class,
                        e -> assertThat(e.reason()).isEqualTo(REFUSED))
                .hasMessageMatching(
                        "picture \\S+ is refused: localhost has the address \\S+, which is a loopback address, not on"
                                + " the public Internet" + MEND);
    }

    @Test
    void refusesAnIpv4MappedAddress() {
        assertFails(
                fetcher,
                server.url("[::ffff:127.0.0.1]"),
                REFUSED,
                "::ffff:127.0.0.1 is an IPv4-mapped address; write 127.0.0.1");
    }

    @Test
    void refusesAnIpv4MappedAddressEvenWherePrivateOnesAreAllowed() {
        try (PictureFetcher open = new PictureFetcher(QUICK.withAllowPrivateAddresses(true))) {
            assertFails(
                    open,
                    server.url("[::ffff:7f00:1]"),
                    REFUSED,
                    "::ffff:7f00:1 is an IPv4-mapped address; write 127.0.0.1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2130706433", "127.1", "0x7f.1", "0x7f000001", "127。0。0。1", "127.0.0.1."})
    void refusesOddWaysToWriteLoopback(String host) {
        // A name server may be asked for some of them, and has no answer.
        assertThatThrownBy(() -> fetcher.fetch(server.url(host)))
                .isInstanceOf(PictureSourceException.class)
                .hasMessageMatching(".*(127\\.0\\.0\\.1(, which)? is a loopback address|has no address).*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org@127.0.0.1", "example.org:80@127.0.0.1", "127.0.0.1\\@example.org"})
    void refusesAUserNameThatLooksLikeAHost(String authority) {
        assertThatThrownBy(() -> fetcher.fetch(server.url(authority)))
                .isInstanceOfSatisfying(
                        PictureSourceException.class,
                        e -> assertThat(e.reason()).isEqualTo(PictureSourceException.Reason.MALFORMED))
                .hasMessageEndingWith("has a user name in its URL, which is not supported: send the picture itself");
    }

    @Test
    void refusesAHostOneOfWhoseAddressesIsPrivate() {
        try (PictureFetcher lenient = FetchedPictures.fetcher(QUICK)) {
            assertFails(
                    lenient,
                    server.url("mixed.test"),
                    REFUSED,
                    "mixed.test has the address 10.0.0.1, which is a private address, not on the public Internet"
                            + MEND);
        }
    }

    @Test
    void saysThatAHostIsUnknown() {
        try (PictureFetcher lenient = FetchedPictures.fetcher(QUICK)) {
            assertFails(
                    lenient,
                    server.url("unknown.test"),
                    UNFETCHABLE,
                    "the host unknown.test has no address; check its name");
        }
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        int port;
        try (ServerSocket unused = new ServerSocket(0)) {
            port = unused.getLocalPort();
        }
        try (PictureFetcher lenient = FetchedPictures.fetcher(QUICK)) {
            assertFails(
                    lenient,
                    "http://public.test:" + port + "/cat.png",
                    UNFETCHABLE,
                    "the host public.test does not accept the connection; check the address and the port");
        }
    }

    @Test
    void usesNoProxyOfTheJvm() {
        System.setProperty("socksProxyHost", "127.0.0.1");
        System.setProperty("socksProxyPort", String.valueOf(server.port()));
        System.setProperty("socksNonProxyHosts", "");
        System.setProperty("http.proxyHost", "127.0.0.1");
        System.setProperty("http.proxyPort", String.valueOf(server.port()));
        System.setProperty("http.nonProxyHosts", "");
        try (RawServer target = RawServer.saying(IMAGE_HEAD + "\r\ncat");
                PictureFetcher lenient = FetchedPictures.fetcher(QUICK)) {
            assertThat(lenient.fetch(target.url("public.test"))).asString().isEqualTo("cat");
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            for (String property : new String[] {"Host", "Port"}) {
                System.clearProperty("socksProxy" + property);
                System.clearProperty("http.proxy" + property);
            }
            System.clearProperty("socksNonProxyHosts");
            System.clearProperty("http.nonProxyHosts");
        }
    }
}
