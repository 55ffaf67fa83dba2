package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.camelvlm.goldens.GoldenCase;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Kamelets as routes find them on the class path. */
class KameletTest extends VlmTestSupport {
    private static final String OF_COMPONENT = "model=" + GoldenCase.SHAPES_VL;

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        VlmConfiguration defaults =
                context.getComponent("vlm", VlmComponent.class).getConfiguration();
        defaults.setDevice("cpu");
        defaults.setDtype("float32");
        defaults.setThreads(1);
        return context;
    }

    @Test
    void describesAPicture() throws Exception {
        assertThat(send(
                                "kamelet:vlm-describe-action?temperature=0&maxTokens=60&" + OF_COMPONENT,
                                exchange -> exchange.getMessage()
                                        .setBody(GoldenCase.picture(ONE_SHAPE).bytes()))
                        .getMessage()
                        .getBody(String.class))
                .isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void asksWhatItsPromptSays() throws Exception {
        assertThat(send(
                                "kamelet:vlm-describe-action?temperature=0&prompt=List the objects as JSON.&"
                                        + OF_COMPONENT,
                                exchange -> exchange.getMessage()
                                        .setBody(GoldenCase.picture(ONE_SHAPE).bytes()))
                        .getMessage()
                        .getBody(String.class))
                .startsWith("{\"objects\": [{");
    }

    @Test
    void extractsDataInARouteOfYaml() throws Exception {
        Resource route = ResourceHelper.fromString("kamelet.yaml", """
                - route:
                    from:
                      uri: direct:extract
                      steps:
                        - kamelet:
                            name: vlm-extract-action
                            parameters:
                              model: %s
                              temperature: 0
                              jsonSchema: '{"type":"object","properties":{"objects":{"type":"array","items":{"type":"object","properties":{"shape":{"type":"string","maxLength":20} },"required":["shape"],"additionalProperties":false},"maxItems":3} },"required":["objects"],"additionalProperties":false}'
                """.formatted(GoldenCase.SHAPES_VL));
        PluginHelper.getRoutesLoader(context()).loadRoutes(route);

        Object data = template()
                .requestBody("direct:extract", GoldenCase.picture(ONE_SHAPE).bytes());

        assertThat(data)
                .isInstanceOfSatisfying(
                        Map.class,
                        found -> assertThat(found.containsKey("objects")).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"vlm-describe-action", "vlm-extract-action"})
    void hasTheOptionsOfTheComponent(String name) throws Exception {
        JsonNode kamelet;
        try (InputStream yaml = getClass().getResourceAsStream("/kamelets/" + name + ".kamelet.yaml")) {
            kamelet = new YAMLMapper().readTree(yaml);
        }
        JsonNode step = kamelet.at("/spec/template/from/steps/0/to");

        assertThat(kamelet.at("/metadata/name").asText()).isEqualTo(name);
        assertThat(kamelet.at("/spec/dependencies/0").asText()).matches("mvn:io.github.camelvlm:camel-vlm:\\d[^$]*");
        assertThat(names(step.get("parameters"))).isEqualTo(names(kamelet.at("/spec/definition/properties")));
        assertThat(new VlmEndpointUriFactory().propertyNames()).containsAll(names(step.get("parameters")));
    }

    private static Set<String> names(JsonNode node) {
        return StreamSupport.stream(((Iterable<String>) node::fieldNames).spliterator(), false)
                .collect(Collectors.toSet());
    }
}
