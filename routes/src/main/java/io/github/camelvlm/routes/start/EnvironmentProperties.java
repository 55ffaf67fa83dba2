package io.github.camelvlm.routes.start;

import org.apache.camel.Ordered;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.util.IOHelper;

/**
 * Properties from the environment: {@code vlm.model} from {@code VLM_MODEL}. Camel has the same built in, but there the
 * environment goes before the command line.
 */
final class EnvironmentProperties implements PropertiesSource, Ordered {
    static final String NAME = "environment";

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public String getProperty(String name) {
        return IOHelper.lookupEnvironmentVariable(name);
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST;
    }
}
