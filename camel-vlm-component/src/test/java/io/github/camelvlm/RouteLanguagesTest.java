package io.github.camelvlm;

import static io.github.camelvlm.endpointdsl.StaticEndpointBuilders.vlm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.endpointdsl.builder.VlmEndpointBuilderFactory.AdvancedVlmEndpointBuilder;
import io.github.camelvlm.endpointdsl.builder.VlmEndpointBuilderFactory.VlmEndpointBuilder;
import io.github.camelvlm.exchange.VlmHeaders;
import io.github.camelvlm.goldens.GoldenCase;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.EndpointProducerBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.apache.camel.spi.Metadata;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteLanguagesTest extends VlmTestSupport {

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        Properties properties = new Properties();
        properties.setProperty("my.model", GoldenCase.SHAPES_VL.toString());
        properties.setProperty("my.limit", "2");
        context.getPropertiesComponent().setOverrideProperties(properties);
        return context;
    }

    private Exchange answer(RoutesBuilder routes) throws Exception {
        context().addRoutes(routes);
        Exchange exchange = send(
                "direct:pictures",
                message -> message.getMessage()
                        .setBody(GoldenCase.picture(ONE_SHAPE).bytes()));
        for (String route :
                context().getRoutes().stream().map(each -> each.getRouteId()).toList()) {
            context().getRouteController().stopRoute(route);
            context().removeRoute(route);
        }
        return exchange;
    }

    private Exchange answer(String file, String text) throws Exception {
        RoutesBuilder routes = PluginHelper.getRoutesLoader(context())
                .findRoutesBuilders(ResourceHelper.fromString(file, text))
                .iterator()
                .next();
        return answer(routes);
    }

    private static void assertIsCutCaption(Exchange exchange) {
        assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("A small");
        assertThat(exchange.getMessage().getHeader(VlmConstants.FINISH_REASON)).isEqualTo("length");
    }

    @Test
    void worksFromYamlWithPropertyPlaceholders() throws Exception {
        assertIsCutCaption(answer("route.yaml", """
                - route:
                    from:
                      uri: direct:pictures
                      steps:
                        - to:
                            uri: vlm:describe
                            parameters:
                              model: "{{my.model}}"
                              device: cpu
                              dtype: float32
                              threads: 1
                              temperature: 0
                              maxTokens: "{{my.limit}}"
                              systemMessage: "{{my.system:You are a helpful assistant.}}"
                """));
    }

    @Test
    void worksFromXmlWithPropertyPlaceholders() throws Exception {
        assertIsCutCaption(answer("route.xml", """
                <routes xmlns="http://camel.apache.org/schema/xml-io">
                  <route>
                    <from uri="direct:pictures"/>
                    <to uri="vlm:describe?model={{my.model}}&amp;device=cpu&amp;dtype=float32&amp;threads=1&amp;temperature=0&amp;maxTokens={{my.limit}}"/>
                  </route>
                </routes>
                """));
    }

    @Test
    void worksFromJava() throws Exception {
        assertIsCutCaption(answer(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:pictures").to("vlm:describe?" + MODEL + "&temperature=0&maxTokens={{my.limit}}");
            }
        }));
    }

    @Test
    void worksFromEndpointBuilders() throws Exception {
        assertIsCutCaption(answer(new EndpointRouteBuilder() {
            @Override
            public void configure() {
                from(direct("pictures"))
                        .to(vlm("describe")
                                .model("{{my.model}}")
                                .device("cpu")
                                .dtype("float32")
                                .temperature(0.0)
                                .maxTokens("{{my.limit}}")
                                .advanced()
                                .threads(1));
            }
        }));
    }

    @Test
    void hasAnEndpointBuilderForEveryOption() throws Exception {
        JsonNode catalog;
        try (InputStream json = VlmEndpoint.class.getResourceAsStream("/META-INF/io/github/camelvlm/vlm.json")) {
            catalog = new ObjectMapper().readTree(json);
        }
        List<String> built = Stream.of(VlmEndpointBuilder.class, AdvancedVlmEndpointBuilder.class)
                .flatMap(builder -> Stream.of(builder.getDeclaredMethods()))
                .map(Method::getName)
                .toList();

        List<String> options = catalog.get("properties").properties().stream()
                .filter(option -> !option.getValue().get("kind").asText().equals("path"))
                .map(option -> option.getKey())
                .toList();

        assertThat(options).contains("conversationMemory", "storeFullResponse");
        assertThat(built).containsAll(options);
    }

    @Test
    void takesWholeNumbersInEndpointBuildersWhereverANumberIsWanted() {
        EndpointProducerBuilder builder =
                vlm("describe").temperature(0).topP(1).repetitionPenalty(1).presencePenalty(1);

        VlmEndpoint endpoint = (VlmEndpoint) builder.resolve(context());

        assertThat(endpoint.getConfiguration().getTemperature()).isZero();
        assertThat(endpoint.getConfiguration().getTopP()).isEqualTo(1);
        assertThat(endpoint.getConfiguration().getRepetitionPenalty()).isEqualTo(1);
        assertThat(endpoint.getConfiguration().getPresencePenalty()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"temperature", "topP", "repetitionPenalty", "presencePenalty"})
    void neverTakesAnEmptyNumberForZero(String option) {
        assertThatThrownBy(() -> context().getEndpoint("vlm:describe?" + option + "="))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .hasMessageContaining(option);
    }

    /** Camel's generator leaves out characters that it does not know from the descriptions. */
    @Test
    void describesItsOptionsAndHeadersInTheCatalogAsInTheSource() throws Exception {
        Set<String> told = new HashSet<>();
        try (InputStream json = VlmEndpoint.class.getResourceAsStream("/META-INF/io/github/camelvlm/vlm.json")) {
            JsonNode catalog = new ObjectMapper().readTree(json);
            for (String list : List.of("componentProperties", "properties", "headers")) {
                catalog.get(list)
                        .forEach(entry -> told.add(entry.get("description").asText()));
            }
        }

        Stream<Class<?>> configurations =
                Stream.<Class<?>>iterate(VlmConfiguration.class, Objects::nonNull, Class::getSuperclass);
        List<String> written = Stream.concat(configurations, Stream.of(VlmEndpoint.class, VlmHeaders.class))
                .flatMap(type -> Stream.of(type.getDeclaredFields()))
                .map(field -> field.getAnnotation(Metadata.class))
                .filter(Objects::nonNull)
                .map(Metadata::description)
                .toList();

        assertThat(written).hasSizeGreaterThan(100);
        assertThat(told).containsAll(written);
    }
}
