package io.github.camelvlm.routes.start;

import java.util.regex.Pattern;

/**
 * A property as it holds.
 *
 * @param value what it is, with what it refers to put in; empty if it is not set
 * @param source where that was said
 */
public record PropertyInForce(String name, String value, String source) {
    private static final String MASK = "******";
    private static final Pattern SECRET = Pattern.compile("(?i).*(key|passwd|passphrase|password|secret|token)");
    /** In the authority of a URL: a user's name and password. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=//)[^/@\\s,]+(?=@)");
    /** In the query of one. */
    private static final Pattern PARAMETER =
            Pattern.compile("(?i)(?<=[?&;])(\\w*(?:key|password|secret|token))=[^&;,\\s)]+");

    /** The value without what only its owner may know. */
    public String shown() {
        if (SECRET.matcher(name).matches()) {
            return value.isBlank() ? "" : MASK;
        }
        return PARAMETER.matcher(USER_INFO.matcher(value).replaceAll(MASK)).replaceAll("$1=" + MASK);
    }
}
