package io.github.camelvlm.routes.start;

import java.math.BigInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Refuses values of the application's properties that cannot be meant, before anything starts: those that have not the
 * form of their default, a switch, a whole number or a time, those out of range, and an empty question. Camel would take {@code 4GB} and
 * {@code forever} for 0, and {@code 20mb} for 20 minutes.
 */
final class PropertyCheck {
    private final KnownProperties known = new KnownProperties();

    /**
     * Looks at all properties of the application.
     *
     * @param values the value of a property by its name
     * @throws IllegalArgumentException if one cannot be meant
     */
    void require(UnaryOperator<String> values) {
        for (String name : known.names()) {
            String example = known.defaultOf(name);
            if (example != null) {
                requireForm(name, values.apply(name).strip(), example);
            }
        }
        requireWords(values, "vlm.prompt");
        requireInRange(values, "vlm.max-tokens", 1, Integer.MAX_VALUE);
        requireInRange(values, "vlm.max-sequences", 1, Integer.MAX_VALUE);
        requireInRange(values, "api.port", 0, 65_535);
        requireInRange(values, "api.max-body", 0, Integer.MAX_VALUE);
        requireInRange(values, "api.body-memory", 0, Long.MAX_VALUE);
        requireInRange(values, "api.body-memory-per-address", 0, Long.MAX_VALUE);
        requireInRange(values, "api.connections-per-address", 1, Integer.MAX_VALUE);
        requireInRange(values, "api.min-upload-rate", 0, Integer.MAX_VALUE);
        requireInRange(values, "api.keep-alive-millis", 1, Integer.MAX_VALUE);
        requireInRange(values, "api.patience-millis", 1, Integer.MAX_VALUE);
        requireInRange(values, "api.idle-millis", 1, Integer.MAX_VALUE);
        requireInRange(values, "api.responses-kept", 0, Integer.MAX_VALUE);
        requireInRange(values, "api.responses-kept-bytes", 0, Long.MAX_VALUE);
        requireInRange(values, "api.responses-kept-millis", 1, Integer.MAX_VALUE);
        requireInRange(values, "api.media-kept-bytes", 0, Long.MAX_VALUE);
        requireInRange(values, "api.max-requests", 1, 10_000);
        requireMoreThreadsThanRequests(values);
    }

    private static void requireWords(UnaryOperator<String> values, String name) {
        if (values.apply(name).isBlank()) {
            throw new IllegalArgumentException(name + " is \"\": write a question, or leave it out");
        }
    }

    private static BigInteger number(UnaryOperator<String> values, String name) {
        return new BigInteger(values.apply(name).strip());
    }

    private static void requireInRange(UnaryOperator<String> values, String name, long least, long most) {
        BigInteger number = number(values, name);
        if (number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new IllegalArgumentException(
                    name + " is " + number + ": write a number from " + least + " to " + most);
        }
    }

    /** With fewer, a question after the health of a busy server would wait until it is not busy any more. */
    private static void requireMoreThreadsThanRequests(UnaryOperator<String> values) {
        BigInteger requests = number(values, "api.max-requests");
        BigInteger threads = number(values, "api.threads");
        if (threads.compareTo(requests) <= 0) {
            throw new IllegalArgumentException("api.threads is " + threads + ", too few for api.max-requests, which is "
                    + requests + ": raise API_THREADS above that, or lower API_MAX_REQUESTS");
        }
    }

    private static void requireForm(String name, String value, String example) {
        for (Form form : Form.values()) {
            if (form.examples.matcher(example).matches()) {
                if (!form.pattern.matcher(value).matches()) {
                    throw new IllegalArgumentException(
                            name + " is \"" + value + "\": write " + form.text.formatted(example));
                }
                return;
            }
        }
    }

    private enum Form {
        SWITCH("(?i)true|false", "true or false"),
        /** 0 mostly stands for something that is worked out, and is no example. */
        AUTOMATIC("0", "-?\\d+", "a whole number"),
        NUMBER("-?\\d+", "a whole number, such as %s"),
        TIME("\\d+|(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?(?<=.)", "a time, such as 2s or 500ms");

        private final Pattern examples;
        private final Pattern pattern;
        private final String text;

        Form(String pattern, String text) {
            this(pattern, pattern, text);
        }

        Form(String examples, String pattern, String text) {
            this.examples = Pattern.compile(examples);
            this.pattern = Pattern.compile(pattern);
            this.text = text;
        }
    }
}
