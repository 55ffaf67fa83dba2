package io.github.camelvlm.fetch;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An {@code http} or {@code https} URL, taken apart once, so that what is checked is what is asked. Strict where the host
 * is told (RFC 3986, no user name, no zone, no percent-encoding), lenient behind it: characters that a path or query may
 * not hold are percent-encoded, as browsers do.
 *
 * @param scheme {@code http} or {@code https}
 * @param host in lower case, ASCII, without a dot at its end; an IPv6 address without brackets
 * @param port the port, or -1 for the scheme's own
 * @param path the path, encoded, at least {@code /}
 * @param query the query string, encoded, or null
 */
record HttpUrl(String scheme, String host, int port, String path, String query) {
    private static final int LONGEST = 8192;
    private static final Pattern HTTP = Pattern.compile("(?i)https?:.*", Pattern.DOTALL);
    private static final Pattern PARTS = Pattern.compile("(?i)(https?)://([^/?#]*)([^?#]*)(?:\\?([^#]*))?(?:#.*)?");
    private static final Pattern AUTHORITY = Pattern.compile(
            "(?:\\[(?<six>[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)\\]|(?<name>[^:\\[\\]]+))(?::(?<port>\\d{0,5}))?");
    private static final Pattern HOST = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
    private static final String ALLOWED = "-._~:/?@!$&'()*+,;=%";

    /** Whether a text says that it is an HTTP URL, whatever it holds. */
    static boolean isHttpUrl(String text) {
        return HTTP.matcher(text).matches();
    }

    /** @throws PictureSourceException if it is malformed */
    static HttpUrl parse(String text) {
        String url = text.strip();
        Matcher parts = PARTS.matcher(url);
        if (url.length() > LONGEST) {
            throw malformed(text, "has a URL of more than " + LONGEST + " characters: send the picture itself");
        }
        if (url.chars().anyMatch(Character::isISOControl) || !parts.matches()) {
            throw malformed(text, "has a malformed URL: write https://example.org/cat.png");
        }
        String authority = parts.group(2);
        if (authority.indexOf('@') >= 0) {
            throw malformed(text, "has a user name in its URL, which is not supported: send the picture itself");
        }
        Matcher where = AUTHORITY.matcher(authority);
        if (!where.matches()) {
            throw malformed(text, "has a URL without a valid host: write https://example.org/cat.png");
        }
        String host = where.group("six") != null ? where.group("six").toLowerCase(Locale.ROOT) : name(text, where);
        String path = parts.group(3).isEmpty() ? "/" : encoded(parts.group(3));
        String query = parts.group(4) == null ? null : encoded(parts.group(4));
        return new HttpUrl(parts.group(1).toLowerCase(Locale.ROOT), host, port(text, where.group("port")), path, query);
    }

    private static String name(String text, Matcher where) {
        String host;
        try {
            host = IDN.toASCII(where.group("name")).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw malformed(text, "has a URL without a valid host: write https://example.org/cat.png");
        }
        host = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (host.length() > 253 || !HOST.matcher(host).matches()) {
            throw malformed(text, "has a URL without a valid host: write https://example.org/cat.png");
        }
        return host;
    }

    private static int port(String text, String digits) {
        if (digits == null || digits.isEmpty()) {
            return -1;
        }
        int port = Integer.parseInt(digits);
        if (port < 1 || port > 65535) {
            throw malformed(text, "has port " + port + " in its URL, but ports go from 1 to 65535");
        }
        return port;
    }

    private static PictureSourceException malformed(String text, String problem) {
        return PictureSourceException.malformed(UrlName.of(text), problem);
    }

    /** What a redirect from here leads to (RFC 3986, section 5). */
    HttpUrl resolve(String location) {
        String reference = location.strip();
        if (isHttpUrl(reference)) {
            return parse(reference);
        }
        if (reference.startsWith("//")) {
            return parse(scheme + ":" + reference);
        }
        try {
            if (reference.startsWith("?")) {
                return parse(origin() + path + reference);
            }
            return parse(uri().resolve(encoded(reference.split("#", 2)[0])).toString());
        } catch (IllegalArgumentException e) {
            throw malformed(origin() + path, "redirects to a malformed URL: ask for the picture's own address");
        }
    }

    /** The whole URL. */
    URI uri() {
        try {
            return new URI(origin() + path + (query == null ? "" : "?" + query));
        } catch (URISyntaxException e) {
            // Its message would show the query string.
            throw malformed(origin() + path, "has a malformed URL (" + e.getReason() + "): percent-encode it");
        }
    }

    private String origin() {
        return scheme + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + (port < 0 ? "" : ":" + port);
    }

    /** The URL without its query string, for errors. */
    @Override
    public String toString() {
        return UrlName.shown(origin() + path);
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int c = bytes[i] & 0xff;
            boolean letterOrDigit = c < 0x80 && Character.isLetterOrDigit(c);
            boolean lonePercent = c == '%' && !isPercentEncoded(bytes, i);
            if (letterOrDigit || ALLOWED.indexOf(c) >= 0 && !lonePercent) {
                encoded.append((char) c);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", c));
            }
        }
        return encoded.toString();
    }

    private static boolean isPercentEncoded(byte[] bytes, int at) {
        return at + 2 < bytes.length
                && Character.digit(bytes[at + 1], 16) >= 0
                && Character.digit(bytes[at + 2], 16) >= 0;
    }
}
