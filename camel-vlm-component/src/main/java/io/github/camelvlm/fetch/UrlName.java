package io.github.camelvlm.fetch;

/** What errors call a picture that has a URL: the URL without its secrets, and not too long. */
final class UrlName {
    private static final int LONGEST = 200;

    private UrlName() {}

    /**
     * The name of any text that should have been a URL. Query string and fragment are left out, and so is all before the
     * last {@code @}, where a user name and password may stand.
     */
    static String of(String url) {
        if (DataUrl.isDataUrl(url)) {
            return "data:…";
        }
        String name = url.split("[?#]", 2)[0];
        int at = name.lastIndexOf('@');
        if (at >= 0) {
            int colon = name.indexOf(':');
            String scheme = colon >= 0 && name.startsWith("://", colon) ? name.substring(0, colon + 3) : "";
            name = scheme + "…" + name.substring(at);
        }
        return shown(name);
    }

    /** A text on one line, shortened. */
    static String shown(String text) {
        String line = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
        return line.replaceAll("\\p{Cntrl}", "?");
    }
}
