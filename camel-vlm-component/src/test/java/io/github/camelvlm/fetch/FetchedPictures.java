package io.github.camelvlm.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;

/** What the tests of fetching share: names that need no name server, and this machine as if it were the Internet. */
final class FetchedPictures {
    static final String IMAGE_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n";
    static final PicturePolicy QUICK = PicturePolicy.DEFAULT.withTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(5));

    private FetchedPictures() {}

    /** A fetcher to which 127.0.0.1, and nothing else that is not global, is the public Internet. */
    static PictureFetcher fetcher(PicturePolicy policy) {
        return new PictureFetcher(policy, FetchedPictures::lookup, FetchedPictures::refusal);
    }

    private static Optional<String> refusal(InetAddress address) {
        return address.getHostAddress().equals("127.0.0.1") ? Optional.empty() : AddressRule.GLOBAL.refusal(address);
    }

    static InetAddress[] lookup(String host) throws UnknownHostException {
        return switch (host) {
            case "public.test", "other.test" -> new InetAddress[] {InetAddress.getByName("127.0.0.1")};
            case "mixed.test" ->
                new InetAddress[] {InetAddress.getByName("127.0.0.1"), InetAddress.getByName("10.0.0.1")};
            case "unknown.test" -> throw new UnknownHostException(host);
            default -> InetAddress.getAllByName(host);
        };
    }

    static void assertFails(PictureFetcher fetcher, String url, PictureSourceException.Reason reason, String problem) {
        String kind =
                switch (reason) {
                    case REFUSED -> " is refused: ";
                    case NO_PICTURE -> " cannot be read: ";
                    default -> " cannot be fetched: ";
                };
        assertThatThrownBy(() -> fetcher.fetch(url))
                .isInstanceOfSatisfying(
                        PictureSourceException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessage("picture " + UrlName.of(url) + kind + problem);
    }
}
