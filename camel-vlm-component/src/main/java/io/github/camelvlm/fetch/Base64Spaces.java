package io.github.camelvlm.fetch;

/**
 * What a space in base64 was: a break between lines, or the digit {@code +}, which forms and query strings turn into a
 * space.
 */
final class Base64Spaces {
    private Base64Spaces() {}

    /**
     * Whether the spaces were {@code +}. Any of {@code +}, {@code -} or another white space among the digits says that
     * they were not; otherwise the length of the whole does, and last, whether they part it into lines of one length.
     *
     * @param text holds base64, perhaps percent-encoded
     * @param start where its first digit stands
     */
    static boolean werePlus(String text, int start) {
        int digits = 0;
        int spaces = 0;
        int padding = 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+' || c == '-' || c == '%' || c == '\n' || c == '\r' || c == '\t') {
                return false;
            }
            if (c == '=') {
                padding++;
            } else if (c != ' ') {
                digits++;
            } else if (padding == 0) {
                spaces++;
            }
        }
        if (spaces == 0) {
            return false;
        }
        boolean fitsWithout = (digits + padding) % 4 == 0;
        boolean fitsWith = (digits + spaces + padding) % 4 == 0;
        return fitsWithout == fitsWith ? !areLines(text, start) : fitsWith;
    }

    private static boolean areLines(String text, int start) {
        int first = text.indexOf(' ', start);
        int width = first - start;
        for (int space = first; space >= 0; ) {
            int next = text.indexOf(' ', space + 1);
            int length = (next < 0 ? text.length() : next) - space - 1;
            if (next < 0 ? length > width : length != width) {
                return false;
            }
            space = next;
        }
        return true;
    }
}
