package io.github.camelvlm.routes.start;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;

/** Where the application's properties come from, the first that has one decides: command line, environment, file, jar. */
public final class PropertySources {
    static final String LOCATIONS = "file:application.properties;optional=true,classpath:application.properties";

    private static final String DEFAULT = "default";

    private PropertySources() {}

    /** Gives a context the environment; Camel's own way would put it before the command line. */
    static void addEnvironment(CamelContext context) {
        PropertiesComponent properties = (PropertiesComponent) context.getPropertiesComponent();
        properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
        properties.addPropertiesSource(new EnvironmentProperties());
    }

    /** All properties of the application as they hold now, and those of Camel that were set outside the jar. */
    public static List<PropertyInForce> inForce() throws Exception {
        try (DefaultCamelContext context = context()) {
            Set<String> names = new TreeSet<>(new KnownProperties().names());
            set(context).stream().filter(name -> name.startsWith("camel.")).forEach(names::add);
            List<PropertyInForce> all = new ArrayList<>();
            for (String name : names) {
                PropertyInForce property = inForce(name, context);
                if (!name.startsWith("camel.") || !property.source().equals(DEFAULT)) {
                    all.add(property);
                }
            }
            return all;
        }
    }

    private static PropertyInForce inForce(String name, CamelContext context) throws Exception {
        // Camel notes where a value came from when it looks it up.
        String value = context.resolvePropertyPlaceholders("{{" + name + ":}}");
        return new PropertyInForce(
                name,
                value,
                context.getPropertiesComponent()
                        .getResolvedValue(name)
                        .filter(found -> found.source() != null)
                        .map(found -> source(found.source(), name))
                        .orElse("not set"));
    }

    /**
     * What is wrong with the properties as they are set now.
     *
     * @throws IllegalArgumentException if the value of one cannot be meant
     */
    public static List<String> warnings() throws Exception {
        try (DefaultCamelContext context = context()) {
            new PropertyCheck()
                    .require(name -> context.getPropertiesComponent()
                            .resolveProperty(name)
                            .orElse(""));
            return warnings(context);
        }
    }

    /** What is set and is no property of the application. */
    static List<String> warnings(CamelContext context) {
        return new UnknownProperties().warnings(set(context), System.getenv().keySet());
    }

    private static Collection<String> set(CamelContext context) {
        Set<String> names = new HashSet<>(System.getProperties().stringPropertyNames());
        names.addAll(context.getPropertiesComponent().loadProperties().stringPropertyNames());
        return names;
    }

    private static DefaultCamelContext context() {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getPropertiesComponent().setLocation(LOCATIONS);
        addEnvironment(context);
        context.build();
        context.init();
        return context;
    }

    private static String source(String source, String name) {
        return switch (source) {
            case "SYS" -> "command line";
            case EnvironmentProperties.NAME -> "environment " + KnownProperties.inTheEnvironment(name);
            default -> source.startsWith("file:") ? "application.properties" : DEFAULT;
        };
    }
}
