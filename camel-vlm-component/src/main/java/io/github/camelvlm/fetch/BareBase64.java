package io.github.camelvlm.fetch;

import io.github.camelvlm.media.PictureType;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pictures in base64 that stand where a URL should, without what makes a data URL of them. */
final class BareBase64 {
    /** The end of the head of a data URL whose beginning is missing. */
    private static final Pattern HEAD = Pattern.compile("(?i)([a-z]+/[a-z0-9.+-]+)?[;,:]?base64,.*", Pattern.DOTALL);

    /** No name of a file is so long without a dot or a hyphen. */
    private static final int LONGEST_NAME = 200;

    private static final int DIGITS_OF_SIGNATURE = 16;
    private static final int BEGINNING = 12;

    private BareBase64() {}

    /**
     * Refuses such a text by a message that says what is missing, and repeats no more than its beginning.
     *
     * @param text what is neither a data URL nor one of HTTP
     * @throws PictureSourceException if it is base64
     */
    static void refuse(String text) {
        Matcher head = HEAD.matcher(text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME));
        if (head.matches()) {
            String type = head.group(1) == null ? "image/png" : head.group(1);
            throw PictureSourceException.malformed(
                    beginning(text),
                    "is a data URL without its beginning: write data:" + type + ";base64, and the data");
        }
        if (!text.chars().allMatch(BareBase64::isDigit)) {
            return;
        }
        Optional<PictureType> type = type(text);
        // Two letters, those of a BMP, begin names too.
        if (type.isPresent() && type.get() != PictureType.BMP || text.length() > LONGEST_NAME) {
            throw PictureSourceException.malformed(
                    beginning(text),
                    "is base64 without the beginning of a data URL: write data:"
                            + type.orElse(PictureType.PNG).mediaType() + ";base64, before it");
        }
    }

    private static Optional<PictureType> type(String text) {
        String digits = text.substring(0, Math.min(LONGEST_NAME, text.length()))
                .replaceAll("\\s", "")
                .replace('-', '+')
                .replace('_', '/');
        if (digits.length() <= DIGITS_OF_SIGNATURE) {
            return Optional.empty();
        }
        try {
            return PictureType.of(Base64.getDecoder().decode(digits.substring(0, DIGITS_OF_SIGNATURE)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isDigit(int c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "+/=-_ \t\r\n".indexOf(c) >= 0;
    }

    private static String beginning(String text) {
        return UrlName.shown(text.substring(0, Math.min(BEGINNING, text.length()))) + "…";
    }
}
