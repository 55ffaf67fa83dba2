package io.github.camelvlm.fetch;

import io.github.camelvlm.media.ImageException;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Locale;

/** Pictures written into a URL as base64 (RFC 2397), as OpenAI's format carries them. */
public final class DataUrl {
    private static final String SCHEME = "data:";
    private static final String BASE64 = "base64";

    private DataUrl() {}

    /** Whether a URL is a data URL at all, whatever it holds, and whatever white space is around it. */
    public static boolean isDataUrl(String url) {
        return url.regionMatches(true, begin(url), SCHEME, 0, SCHEME.length());
    }

    private static int begin(String url) {
        return firstBesidesSpace(url, 0);
    }

    private static int firstBesidesSpace(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /**
     * Decodes a data URL such as {@code data:image/png;base64,iVBORw0K…}. The type may be missing, be any image's or say
     * nothing ({@code application/octet-stream}); another one is believed only if the bytes are no picture's. Parameters
     * are ignored. In the base64, white space, percent-encoding, the URL-safe alphabet and missing padding are allowed,
     * and spaces in the place of {@code +}.
     *
     * @param name what errors call the picture
     * @param url the URL
     * @param maxBytes the most bytes that the picture may have
     * @throws ImageException if it is not a data URL of a picture in base64, or the picture is larger
     */
    public static byte[] decode(String name, String url, int maxBytes) {
        return decode(MediaKind.PICTURE, name, url, maxBytes);
    }

    static byte[] decode(MediaKind kind, String name, String url, int maxBytes) {
        int comma = url.indexOf(',');
        if (!isDataUrl(url) || comma < 0) {
            throw new ImageException(
                    "picture " + name + " is not a data URL: write data:image/png;base64, and the data");
        }
        String[] parts = url.substring(begin(url) + SCHEME.length(), comma).split(";", -1);
        if (!parts[parts.length - 1].trim().equalsIgnoreCase(BASE64)) {
            throw new ImageException(
                    "picture " + name + " is a data URL without \";base64\": encode the file as base64 and say so");
        }
        byte[] digits = digits(name, url, firstBesidesSpace(url, comma + 1), maxBytes);
        try {
            byte[] picture = Base64.getDecoder().decode(digits);
            requireKind(kind, name, parts.length == 1 ? "" : parts[0].trim(), picture);
            return picture;
        } catch (IllegalArgumentException e) {
            throw new ImageException(
                    "picture " + name + " is not valid base64 (" + e.getMessage() + "): encode the whole file again",
                    e);
        }
    }

    private static void requireKind(MediaKind kind, String name, String type, byte[] content) {
        if (!kind.mayBe(type, content)) {
            throw new ImageException("picture " + name + " has the type " + shortened(type)
                    + " in its data URL, and its content is no " + kind.noun() + ": send a " + kind.noun());
        }
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    /** The base64 digits alone, in the standard alphabet and without padding. */
    private static byte[] digits(String name, String url, int start, int maxBytes) {
        long maxDigits = (maxBytes * 4L + 2) / 3;
        ByteArrayOutputStream digits = new ByteArrayOutputStream((int) Math.min(maxDigits, url.length() - start));
        boolean padded = false;
        boolean spacesWerePlus = Base64Spaces.werePlus(url, start);
        for (int i = start; i < url.length(); i++) {
            int c = url.charAt(i);
            if (c == '%') {
                c = percent(name, url, i);
                i += 2;
            }
            if (c == ' ' && spacesWerePlus && !padded) {
                c = '+';
            }
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                continue;
            }
            if (c == '=') {
                padded = true;
                continue;
            }
            if (padded || !isDigit(c)) {
                throw new ImageException(String.format(
                        Locale.ROOT,
                        "picture %s has a character in its data URL that is not base64 (code %d at place %,d): "
                                + "encode the file again",
                        name,
                        c,
                        i));
            }
            if (digits.size() == maxDigits) {
                throw new ImageException(String.format(
                        Locale.ROOT,
                        "picture %s has more than the %,d bytes allowed: send a smaller file",
                        name,
                        maxBytes));
            }
            digits.write(c == '-' ? '+' : c == '_' ? '/' : c);
        }
        return digits.toByteArray();
    }

    private static int percent(String name, String url, int at) {
        int high = at + 2 < url.length() ? Character.digit(url.charAt(at + 1), 16) : -1;
        int low = at + 2 < url.length() ? Character.digit(url.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw new ImageException(
                    "picture " + name + " has a % in its data URL that is not followed by two hexadecimal digits");
        }
        return high << 4 | low;
    }

    private static boolean isDigit(int c) {
        return c >= 'A' && c <= 'Z'
                || c >= 'a' && c <= 'z'
                || c >= '0' && c <= '9'
                || c == '+'
                || c == '/'
                || c == '-'
                || c == '_';
    }
}
