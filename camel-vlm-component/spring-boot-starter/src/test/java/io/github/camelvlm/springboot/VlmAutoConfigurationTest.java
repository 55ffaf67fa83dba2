package io.github.camelvlm.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.VlmComponent;
import io.github.camelvlm.VlmConfiguration;
import io.github.camelvlm.goldens.GoldenCase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class VlmAutoConfigurationTest {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        RouteBuilder route() {
            return new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:pictures").to("vlm:describe");
                }
            };
        }

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }

    private static AnnotationConfigApplicationContext start(Map<String, Object> properties) {
        return start(properties, Map.of());
    }

    /** Starts it where environment variables say something too, and come before the properties. */
    private static AnnotationConfigApplicationContext start(
            Map<String, Object> properties, Map<String, Object> variables) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "camel.component.vlm.model", GoldenCase.SHAPES_VL.toString(),
                "camel.component.vlm.device", "cpu",
                "camel.component.vlm.dtype", "float32",
                "camel.component.vlm.threads", "1",
                "camel.component.vlm.temperature", "0"));
        all.putAll(properties);
        AnnotationConfigApplicationContext application = new AnnotationConfigApplicationContext();
        application.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", all));
        application
                .getEnvironment()
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource("variables-systemEnvironment", variables));
        application.register(Application.class);
        application.refresh();
        return application;
    }

    private static VlmConfiguration configuration(AnnotationConfigApplicationContext application) {
        return application
                .getBean(CamelContext.class)
                .getComponent("vlm", VlmComponent.class)
                .getConfiguration();
    }

    @Test
    void describesAPictureInASpringBootApplication() {
        GoldenCase golden = GoldenCase.shapes("describe one-shape.png");
        try (AnnotationConfigApplicationContext application = start(Map.of())) {
            Object caption = application
                    .getBean(ProducerTemplate.class)
                    .requestBody(
                            "direct:pictures",
                            GoldenCase.picture("one-shape.png").bytes());

            assertThat(caption).isEqualTo(golden.text("text"));
            assertThat(application
                            .getBean(MeterRegistry.class)
                            .get("vlm.time.to.first.token")
                            .timer()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void bindsOptionsInEveryFormOfSpringBoot() {
        try (AnnotationConfigApplicationContext application = start(Map.of(
                "camel.component.vlm.max-tokens", "7",
                "camel.component.vlm.timeLimit", "30s",
                "camel.component.vlm.conversation-memory", "true",
                "camel.component.vlm.lazy-start", "true",
                "camel.component.vlm.configuration.top-k", "5",
                "camel.component.vlm.system-message", "{{my.system}}",
                "my.system", "Be brief."))) {
            VlmConfiguration configuration = configuration(application);

            assertThat(configuration.getMaxTokens()).isEqualTo(7);
            assertThat(configuration.getTimeLimit()).isEqualTo(30_000);
            assertThat(configuration.isConversationMemory()).isTrue();
            assertThat(configuration.getTopK()).isEqualTo(5);
            assertThat(configuration.getSystemMessage()).isEqualTo("Be brief.");
        }
    }

    @Test
    void takesOptionsFromEnvironmentVariablesBeforeThoseOfFiles() {
        try (AnnotationConfigApplicationContext application = start(
                Map.of(
                        "camel.component.vlm.max-tokens", "7",
                        "camel.component.vlm.queue-length", "9",
                        "camel.component.vlm.max_images", "3"),
                Map.of(
                        "CAMEL_COMPONENT_VLM_MAX_TOKENS", "5",
                        "CAMEL_COMPONENT_VLM_QUEUELENGTH", "4",
                        "CAMEL_COMPONENT_VLM_CONFIGURATION_TOP_K", "6"))) {
            VlmConfiguration configuration = configuration(application);

            assertThat(configuration.getMaxTokens()).isEqualTo(5);
            assertThat(configuration.getQueueLength()).isEqualTo(4);
            assertThat(configuration.getMaxImages()).isEqualTo(3);
            assertThat(configuration.getTopK()).isEqualTo(6);
        }
    }

    @Test
    void refusesAnOptionThatThereIsNot() {
        assertThatThrownBy(() -> start(Map.of("camel.component.vlm.max-tokenz", "7")))
                .rootCause()
                .hasMessageContaining("max-tokenz");
    }

    @Test
    void leavesTheComponentAloneWhereItIsDisabled() {
        assertThatThrownBy(() -> start(Map.of("camel.component.vlm.enabled", "false")))
                .rootCause()
                .hasMessageContaining("No model is named");
    }
}
