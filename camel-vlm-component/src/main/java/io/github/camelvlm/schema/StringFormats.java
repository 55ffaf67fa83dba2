package io.github.camelvlm.schema;

import io.github.camelvlm.regex.Regex;
import io.github.camelvlm.regex.RegexParser;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The texts of the formats that JSON Schema names. */
final class StringFormats {
    private static final String DATE =
            "(\\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)"
                    + "|02-(0[1-9]|1\\d|2[0-8]))"
                    // Leap years: those that 4 divides, but of the centuries those that 400 divides.
                    + "|(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)";

    /** Offsets as they are in use; that of an unknown place, -00:00, is read differently by different readers. */
    private static final String OFFSET =
            "(Z|[+](0\\d|1[0-3]):[0-5]\\d|[+]14:00|-(0[1-9]|1[01]):[0-5]\\d|-12:00|-00:([1-5]\\d|0[1-9]))";

    private static final String TIME = "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d([.]\\d{1,9})?" + OFFSET;

    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?";
    private static final String NUMBER = "(\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])";
    private static final String IPV4 = NUMBER + "([.]" + NUMBER + "){3}";
    private static final String ATOM = "[A-Za-z0-9_%+-]{1,20}";
    private static final Set<String> WITHOUT_DOMAIN = Set.of("BL", "BQ", "EH", "MF", "UM", "SS", "SJ", "BV");
    private static final String PATH = "([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";

    private static final Map<String, Regex> FORMATS = new TreeMap<>(Map.of(
            "date", parse(DATE),
            "time", parse(TIME),
            "date-time", parse(DATE + "T" + TIME),
            "email", parse(ATOM + "([.]" + ATOM + "){0,2}@(" + LABEL + "[.]){1,4}(" + domains() + ")"),
            "uuid", parse("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
            "ipv4", parse(IPV4),
            "uri",
                    parse("[A-Za-z][A-Za-z0-9+.-]{0,15}:(//" + LABEL + "([.]" + LABEL + "){0,8}(:\\d{1,4})?(/" + PATH
                            + "*)*|" + PATH + "+(/" + PATH + "*)*)([?](" + PATH + "|[/?])*)?(#(" + PATH
                            + "|[/?])*)?")));

    private StringFormats() {}

    /** Domains that end addresses, since readers refuse those that there are not: the usual ones and countries'. */
    private static String domains() {
        return "com|org|net|edu|gov|mil|int|info|biz|name|pro|mobi|app|dev|cloud|online|shop|store|site|tech|xyz|eu|uk|"
                + Arrays.stream(Locale.getISOCountries())
                        .filter(country -> !WITHOUT_DOMAIN.contains(country))
                        .map(country -> country.toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining("|"));
    }

    private static Regex parse(String pattern) {
        return RegexParser.parse("format", pattern, RegexParser.Dialect.ECMA);
    }

    /** The texts of a format, or null if it is not served. */
    static Regex named(String name) {
        return FORMATS.get(name);
    }

    /** The names of those that are served. */
    static String names() {
        return String.join(", ", FORMATS.keySet());
    }
}
