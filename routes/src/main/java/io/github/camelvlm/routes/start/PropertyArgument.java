package io.github.camelvlm.routes.start;

/** A property on the command line. */
public final class PropertyArgument {
    private PropertyArgument() {}

    /**
     * Sets a property of the application.
     *
     * @param argument {@code name=value} or {@code --name=value}
     * @throws IllegalArgumentException if it is no such pair
     */
    public static void set(String argument) {
        String property = argument.startsWith("--") ? argument.substring(2) : argument;
        int equals = property.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("\"" + argument
                    + "\" is not a property: write --name=value, such as --vlm.model=samples/models/shapes-vl");
        }
        System.setProperty(property.substring(0, equals), property.substring(equals + 1));
    }
}
