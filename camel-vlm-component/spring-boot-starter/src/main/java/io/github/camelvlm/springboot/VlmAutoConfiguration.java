package io.github.camelvlm.springboot;

import io.github.camelvlm.VlmComponent;
import io.github.camelvlm.VlmConfiguration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.spring.boot.util.CamelPropertiesHelper;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
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
    private static final String ENABLED = "enabled";

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

    /**
     * Each option is asked for by its own name: only so does Spring Boot find it however a source of properties writes it,
     * such as {@code CAMEL_COMPONENT_VLM_MAX_TOKENS} in the environment, and take the source that comes first.
     */
    private static Map<String, Object> options(Environment environment) {
        Binder binder = Binder.get(environment);
        Map<String, Object> options = new LinkedHashMap<>();
        Set<String> known = new HashSet<>();
        names().forEach(name -> {
            known.add(uniform(name));
            binder.bind(PREFIX + "." + name, String.class).ifBound(value -> options.put(name, value));
        });
        binder.bind(PREFIX, Bindable.mapOf(String.class, String.class))
                .orElse(Map.of())
                .forEach((name, value) -> {
                    if (!known.contains(uniform(name))) {
                        options.put(name, value);
                    }
                });
        options.remove(ENABLED);
        return options;
    }

    /** In the order in which they are set: a configuration as a whole comes before what differs from it. */
    private static Stream<String> names() {
        return Stream.of(
                        Stream.of(ENABLED),
                        properties(VlmComponent.class),
                        properties(VlmConfiguration.class),
                        properties(VlmConfiguration.class).map("configuration."::concat))
                .flatMap(names -> names);
    }

    private static Stream<String> properties(Class<?> bean) {
        return Stream.of(BeanUtils.getPropertyDescriptors(bean))
                .filter(property -> property.getWriteMethod() != null)
                .map(property -> DataObjectPropertyName.toDashedForm(property.getName()));
    }

    /** What all ways to write a name have in common. */
    private static String uniform(String name) {
        return name.replaceAll("[._-]", "").toLowerCase(Locale.ROOT);
    }
}
