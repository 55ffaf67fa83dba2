package io.github.camelvlm.hub;

import java.io.InputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer that holds what was asked for.
 *
 * @param status 200, or 206 for a range, or 416 if there is nothing where the range begins
 * @param length of the body in bytes, or -1 if it is not told
 * @param contentRange the header of that name, or an empty text
 * @param body not to be closed
 */
record HubResponse(int status, long length, String contentRange, InputStream body) {
    static final int OK = 200;
    static final int PARTIAL = 206;
    static final int RANGE_NOT_SATISFIABLE = 416;
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-.*");

    /** Whether the body begins at an offset of the file (RFC 9110, section 14.4). */
    boolean beginsAt(long offset) {
        Matcher range = RANGE.matcher(contentRange);
        return status == PARTIAL ? range.matches() && Long.parseLong(range.group(1)) == offset : offset == 0;
    }
}
