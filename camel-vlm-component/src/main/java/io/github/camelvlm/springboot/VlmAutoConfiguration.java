package io.github.camelvlm.springboot;

import io.github.camelvlm.VlmComponent;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.spring.boot.util.CamelPropertiesHelper;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Gives the component the application's properties {@code camel.component.vlm.*}, such as {@code
 * camel.component.vlm.max-tokens}. The options are those of Camel's catalog; {@code camel.component.vlm.enabled=false}
 * leaves the component alone.
 */
@AutoConfiguration(after = CamelAutoConfiguration.class)
@ConditionalOnClass({CamelContext.class, CamelAutoConfiguration.class})
@ConditionalOnBean(CamelAutoConfiguration.class)
@ConditionalOnProperty(name = "camel.component.vlm.enabled", matchIfMissing = true)
public class VlmAutoConfiguration {
    private static final String PREFIX = "camel.component.vlm";

    /**
     * Sets the options when Camel makes the component.
     *
     * @param camel resolves property placeholders and references to beans in their values
     * @param environment the application's properties
     */
    @Bean
    public ComponentCustomizer vlmComponentCustomizer(CamelContext camel, Environment environment) {
        return ComponentCustomizer.builder(VlmComponent.class).build(component -> {
            // An option that there is not is a slip of the pen: the application does not start.
            CamelPropertiesHelper.setCamelProperties(camel, component, options(environment), true);
        });
    }

    private static Map<String, Object> options(Environment environment) {
        Map<String, Object> options = new HashMap<>(Binder.get(environment)
                .bind(PREFIX, Bindable.mapOf(String.class, String.class))
                .orElse(Map.of()));
        options.remove("enabled");
        return options;
    }
}
