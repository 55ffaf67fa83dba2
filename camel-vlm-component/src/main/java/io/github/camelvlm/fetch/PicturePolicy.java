package io.github.camelvlm.fetch;

import java.net.IDN;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Where pictures may come from, and how much a fetch may take. {@link #DEFAULT} trusts no client: no local files, only
 * addresses of the public Internet. Data URLs are always allowed.
 *
 * @param allowedDirectories local files may be read below these directories; none if empty
 * @param allowedHosts the only hosts that pictures may be fetched from, redirects included: a name, an address, or
 *     {@code *.example.org} for every name below {@code example.org} but not itself; any host if empty
 * @param allowPrivateAddresses whether hosts on this machine and on private networks may be asked, see
 *     {@link AddressRule#GLOBAL_OR_PRIVATE}
 * @param maxImageBytes the most bytes of one picture's file
 * @param connectTimeout the longest time to connect to one address
 * @param fetchTimeout the longest time to fetch one picture over HTTP, name look-up and redirects included
 * @param maxRedirects the most redirects that are followed for one picture
 */
public record PicturePolicy(
        List<Path> allowedDirectories,
        List<String> allowedHosts,
        boolean allowPrivateAddresses,
        int maxImageBytes,
        Duration connectTimeout,
        Duration fetchTimeout,
        int maxRedirects) {

    /** No local files, global addresses only, 20 MB, 5 s to connect, 30 s in all, 3 redirects. */
    public static final PicturePolicy DEFAULT = new PicturePolicy(
            List.of(), List.of(), false, 20_000_000, Duration.ofSeconds(5), Duration.ofSeconds(30), 3);

    private static final String BELOW = "*.";

    /** @throws IllegalArgumentException if a number is out of its range or a host is not the name of one */
    public PicturePolicy {
        allowedDirectories = List.copyOf(allowedDirectories);
        allowedHosts = allowedHosts.stream().map(PicturePolicy::hostRule).toList();
        require("maxImageBytes", maxImageBytes, 1);
        require("connectTimeout in milliseconds", connectTimeout.toMillis(), 1);
        require("fetchTimeout in milliseconds", fetchTimeout.toMillis(), 1);
        require("maxRedirects", maxRedirects, 0);
    }

    /** The same with other {@link #allowedDirectories}. */
    public PicturePolicy withAllowedDirectories(List<Path> directories) {
        return new PicturePolicy(
                directories,
                allowedHosts,
                allowPrivateAddresses,
                maxImageBytes,
                connectTimeout,
                fetchTimeout,
                maxRedirects);
    }

    /** The same with other {@link #allowedHosts}. */
    public PicturePolicy withAllowedHosts(List<String> hosts) {
        return new PicturePolicy(
                allowedDirectories,
                hosts,
                allowPrivateAddresses,
                maxImageBytes,
                connectTimeout,
                fetchTimeout,
                maxRedirects);
    }

    /** The same with another {@link #allowPrivateAddresses}. */
    public PicturePolicy withAllowPrivateAddresses(boolean allow) {
        return new PicturePolicy(
                allowedDirectories, allowedHosts, allow, maxImageBytes, connectTimeout, fetchTimeout, maxRedirects);
    }

    /** The same with another {@link #maxImageBytes}. */
    public PicturePolicy withMaxImageBytes(int bytes) {
        return new PicturePolicy(
                allowedDirectories,
                allowedHosts,
                allowPrivateAddresses,
                bytes,
                connectTimeout,
                fetchTimeout,
                maxRedirects);
    }

    /** The same with another {@link #connectTimeout} and {@link #fetchTimeout}. */
    public PicturePolicy withTimeouts(Duration connect, Duration fetch) {
        return new PicturePolicy(
                allowedDirectories, allowedHosts, allowPrivateAddresses, maxImageBytes, connect, fetch, maxRedirects);
    }

    /** The same with another {@link #maxRedirects}. */
    public PicturePolicy withMaxRedirects(int redirects) {
        return new PicturePolicy(
                allowedDirectories,
                allowedHosts,
                allowPrivateAddresses,
                maxImageBytes,
                connectTimeout,
                fetchTimeout,
                redirects);
    }

    /**
     * Whether {@link #allowedHosts} lets a host through.
     *
     * @param host in lower case, ASCII, without a dot at its end; an IPv6 address without brackets
     */
    boolean allowsHost(String host) {
        return allowedHosts.isEmpty()
                || allowedHosts.stream()
                        .anyMatch(
                                rule -> rule.startsWith(BELOW) ? host.endsWith(rule.substring(1)) : host.equals(rule));
    }

    private static String hostRule(String written) {
        String rule = written.trim().toLowerCase(Locale.ROOT);
        String prefix = rule.startsWith(BELOW) ? BELOW : "";
        String host = rule.substring(prefix.length()).replaceAll("^\\[|\\]$|\\.$", "");
        if (host.isEmpty() || host.matches(".*[*/@\\s].*")) {
            throw new IllegalArgumentException("allowedHosts has the entry \"" + written
                    + "\", which is not the name of a host: write images.example.org or *.example.org");
        }
        return prefix + IDN.toASCII(host);
    }

    private static void require(String option, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(option + " must be at least " + least + ", but is " + value);
        }
    }
}
