package io.github.camelvlm.http;

/** Text of a client, fit for one line of a log. */
final class OneLine {
    private static final int LONGEST = 200;

    private OneLine() {}

    /** The text without control characters, cut after 200 characters. */
    static String of(String text) {
        String clean = text.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]", "?");
        return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST) + "…";
    }
}
