package io.github.camelvlm.routes.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What the options of {@code vlm:} that errors name are called here: an operator of the application sets {@code
 * VLM_MAX_IMAGE_BYTES}, and has seen no endpoint with its {@code maxImageBytes}. The names come from the lines of {@code
 * application.properties} that set the component's options by the application's properties.
 */
public final class OptionNames implements UnaryOperator<String> {
    private static final String WIRING = "camel.component.vlm.configuration.";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??(.+)}}");

    /** Those that the routes set at their endpoints. */
    private static final Map<String, String> OF_ROUTES = Map.of(
            "maxTokens", "vlm.max-tokens",
            "prompt", "vlm.prompt",
            "jsonSchema", "vlm.json-schema",
            "choices", "vlm.choices",
            "regex", "vlm.regex",
            "maxImages", "api.max-images",
            "timeLimit", "api.time-limit");

    /** Fields of requests are called so too, and must keep their names where a sentence begins with them. */
    private static final Set<String> FIELDS = Set.of("model", "prompt", "stop", "seed", "temperature", "streaming");

    private static final Map<String, String> WIRED = wired();
    private static final OptionNames OF_THE_APPLICATION = new OptionNames();

    private final Map<String, String> names = new LinkedHashMap<>(WIRED);
    private final Pattern options = pattern(names.keySet());

    /**
     * @param pairs what some are called instead, such as {@code maxImageBytes=API_MAX_IMAGE_BYTES}, separated by commas
     * @throws IllegalArgumentException if one is no such pair, or names no option
     */
    public void setOthers(String pairs) {
        for (String pair : pairs.split(",")) {
            String[] parts = pair.strip().split("=", -1);
            if (parts.length != 2 || parts[1].isBlank() || !names.containsKey(parts[0].strip())) {
                throw new IllegalArgumentException("others has the entry \"" + pair.strip()
                        + "\": write the name of an option of vlm: and what it is called here, such as"
                        + " maxImages=API_MAX_IMAGES");
            }
            names.put(parts[0].strip(), parts[1].strip());
        }
    }

    /** A sentence with the options named as they are called here; null for null. */
    @Override
    public String apply(String sentence) {
        return sentence == null
                ? null
                : options.matcher(sentence).replaceAll(option -> Matcher.quoteReplacement(names.get(option.group())));
    }

    /** A sentence with the options named by the properties of the application, as the environment has them. */
    public static String in(String sentence) {
        return OF_THE_APPLICATION.apply(sentence);
    }

    /** The names that the application has for the options, by the options' own. */
    Map<String, String> names() {
        return Map.copyOf(names);
    }

    /**
     * Finds options, but not in names of files and in addresses: one of several words wherever it stands, and one of a
     * single word where it can be nothing else, before {@code =}, in a list of options, or at the beginning of a sentence
     * that says what it must be.
     */
    private static Pattern pattern(Set<String> all) {
        String unmistakable = all.stream().filter(OptionNames::isCamelCase).collect(Collectors.joining("|"));
        String plain = all.stream().filter(name -> !isCamelCase(name)).collect(Collectors.joining("|"));
        String beginning = all.stream()
                .filter(name -> !isCamelCase(name) && !FIELDS.contains(name))
                .collect(Collectors.joining("|"));
        return Pattern.compile("(?<![\\w./\\\\-])(?:(?:" + unmistakable + ")(?![\\w/\\\\-]|\\.\\w)"
                + "|(?:" + plain + ")(?==|, (?:" + unmistakable + ")\\b)"
                + "|(?<=\\boption )(?:" + plain + ")\\b"
                + "|(?<=^|: )(?:" + beginning + ")(?= must be | is ))");
    }

    private static boolean isCamelCase(String name) {
        return !name.equals(name.toLowerCase(Locale.ROOT));
    }

    private static Map<String, String> wired() {
        Properties properties = new Properties();
        Map<String, String> names = new LinkedHashMap<>();
        try (InputStream own = OptionNames.class.getResourceAsStream("/application.properties");
                InputStream catalog = OptionNames.class.getResourceAsStream("/META-INF/io/github/camelvlm/vlm.json")) {
            properties.load(own);
            Iterable<String> all = new ObjectMapper().readTree(catalog).get("properties")::fieldNames;
            StreamSupport.stream(all.spliterator(), false)
                    .filter(option -> !option.equals("operation"))
                    .forEach(option -> names.put(option, name(option, properties)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    private static String name(String option, Properties properties) {
        String property = WIRING + option.replaceAll("[A-Z]", "-$0").toLowerCase(Locale.ROOT);
        Matcher own = PLACEHOLDER.matcher(properties.getProperty(property, ""));
        String name = own.matches() ? own.group(1) : OF_ROUTES.get(option);
        // One that only Camel's own property sets, which is read from the command line and from files.
        return name == null ? property : name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }
}
