package io.github.camelvlm.routes.start;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Finds what is set and does nothing, since no property of the application has that name: a misspelt one would pass for
 * its default.
 */
final class UnknownProperties {
    /** What Kubernetes puts into each container about a service that is called {@code vlm} or {@code queue}. */
    private static final String OF_A_SERVICE = ".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_(TCP|UDP)(_.*)?)";

    private final KnownProperties known = new KnownProperties();

    /**
     * What to say of each that is unknown, without its value.
     *
     * @param properties the names of all properties that are set
     * @param environment the names of all variables of the environment
     */
    List<String> warnings(Collection<String> properties, Collection<String> environment) {
        List<String> warnings = new ArrayList<>();
        for (String name : new TreeSet<>(properties)) {
            if (KnownProperties.isMeant(name) && !known.names().contains(name)) {
                warnings.add("The property " + name + mend(name, UnaryOperator.identity()));
            }
        }
        Set<String> variables =
                known.names().stream().map(KnownProperties::inTheEnvironment).collect(Collectors.toSet());
        for (String name : new TreeSet<>(environment)) {
            if (KnownProperties.isMeant(name)
                    && !variables.contains(name.replaceAll("[.-]", "_"))
                    && !name.matches(OF_A_SERVICE)) {
                warnings.add("The environment variable " + name + mend(name, KnownProperties::inTheEnvironment));
            }
        }
        return warnings;
    }

    private String mend(String name, UnaryOperator<String> spelling) {
        return " is unknown and does nothing: "
                + known.nearest(name)
                        .map(nearest -> "the nearest known one is " + spelling.apply(nearest))
                        .orElse("remove it, or see java -jar camel-vlm.jar config for those that are known");
    }
}
