package io.github.camelvlm.routes.start;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The properties of the application: those that the {@code application.properties} in the jar sets or refers to. */
final class KnownProperties {
    private static final Pattern OWN = Pattern.compile("(vlm|api|s3|queue)\\..*");
    private static final Pattern REFERENCE = Pattern.compile("\\{\\{\\??([^{}]+)}}");

    /** Begins what is meant to be one of them. */
    private static final Pattern MEANT = Pattern.compile("(?i)(vlm|api|s3|queue|folder)[._-].*");

    private final Properties defaults = new Properties();
    private final SortedSet<String> names = new TreeSet<>();

    /** Reads the defaults in the jar. */
    KnownProperties() {
        try (InputStream in = KnownProperties.class.getResourceAsStream("/application.properties")) {
            defaults.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        defaults.forEach((name, value) -> {
            names.add((String) name);
            // Some have no default, and are only referred to.
            REFERENCE.matcher((String) value).results().forEach(reference -> names.add(reference.group(1)));
        });
        names.removeIf(name -> !OWN.matcher(name).matches());
    }

    /** All names, in the order of the alphabet. */
    SortedSet<String> names() {
        return names;
    }

    /** The default of one, which may be that of another; null if it has none. */
    String defaultOf(String name) {
        String value = defaults.getProperty(name);
        Matcher reference = REFERENCE.matcher(value == null ? "" : value);
        return reference.matches() ? defaultOf(reference.group(1)) : value;
    }

    /** Whether a name, of a property or of the environment, begins as those of the application do. */
    static boolean isMeant(String name) {
        return MEANT.matcher(name).matches();
    }

    /** What a property is called in the environment. */
    static String inTheEnvironment(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    /**
     * The property that has another one's name after another prefix, else whose name is spelt most like it; none if that
     * would take more letters than are right.
     */
    Optional<String> nearest(String wrong) {
        String letters = letters(wrong);
        LevenshteinDistance distance = new LevenshteinDistance(Math.max(2, letters.length() / 3));
        return names.stream()
                .filter(name -> rest(name).equals(rest(wrong)))
                .findFirst()
                .or(() -> names.stream()
                        .filter(name -> distance.apply(letters(name), letters) >= 0)
                        .min(Comparator.comparing(name -> distance.apply(letters(name), letters))));
    }

    private static String rest(String name) {
        return letters(name.replaceFirst("[^._-]*[._-]", ""));
    }

    /** {@code vlm.maxTokens}, {@code VLM_MAX_TOKENS} and {@code vlm.max-tokens} are spelt alike. */
    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
    }
}
