package io.github.camelvlm.chat;

import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an error or a line of the log may repeat of the input that it tells of. A request can hold megabytes of a picture
 * in any place, and both are read by people.
 */
public final class Echo {
    private static final int LONGEST = 200;
    private static final int LONGEST_MESSAGE = 4_000;

    /** What is left of a picture in base64. */
    private static final int BEGINNING = 12;

    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_PATH = 255;

    /** No word is so long, and hardly a name. */
    private static final Pattern DIGITS = Pattern.compile("[A-Za-z0-9+/=]{41,}");

    private Echo() {}

    /**
     * A text of the input as it may be repeated: on one line, at most 200 characters, of base64 the first 12.
     *
     * @param text the text, not null
     */
    public static String of(String text) {
        StringBuilder line = new StringBuilder();
        // What is cut off by the limit needs no look.
        String beginning = text.length() <= LONGEST ? text : text.substring(0, LONGEST);
        appendWithoutBase64(beginning, run -> true, line);
        if (beginning.length() < text.length() && line.charAt(line.length() - 1) != '…') {
            line.append('…');
        }
        return line.toString().replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]", "?");
    }

    /** A whole message, which should repeat nothing but by {@link #of}, without what can only be base64. */
    static String bounded(String message) {
        if (message == null) {
            return null;
        }
        StringBuilder bounded = new StringBuilder();
        appendWithoutBase64(message, Echo::isNoPath, bounded);
        if (bounded.length() > LONGEST_MESSAGE) {
            bounded.setLength(LONGEST_MESSAGE);
            bounded.append('…');
        }
        return bounded.toString();
    }

    private static void appendWithoutBase64(String text, Predicate<String> isTooMuch, StringBuilder result) {
        Matcher digits = DIGITS.matcher(text);
        int end = 0;
        while (digits.find()) {
            result.append(text, end, digits.start());
            String run = digits.group();
            result.append(isTooMuch.test(run) ? run.substring(0, BEGINNING) + "…" : run);
            end = digits.end();
        }
        result.append(text, end, text.length());
    }

    /** A message may hold a path or a SHA-256, which must be told whole. */
    private static boolean isNoPath(String run) {
        return run.length() > LONGEST_PATH
                || run.length() > LONGEST_NAME
                        && (run.indexOf('+') >= 0
                                || run.indexOf('=') >= 0
                                || Stream.of(run.split("/")).anyMatch(name -> name.length() > LONGEST_NAME));
    }
}
