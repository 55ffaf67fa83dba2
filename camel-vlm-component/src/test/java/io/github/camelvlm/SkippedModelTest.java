package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.EndpointInject;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.builder.ExpressionBuilder;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;

/** A test as users write it with camel-test-junit5, on a machine without their model. */
class SkippedModelTest extends CamelTestSupport {
    @EndpointInject("mock:vlm:describe")
    private MockEndpoint model;

    @Override
    public void configureContext(CamelContextConfiguration configuration) {
        super.configureContext(configuration);
        configuration.withMockEndpointsAndSkip("vlm:*");
    }

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to("vlm:describe?model=/there/is/no/model");
            }
        };
    }

    @Test
    void needsNoModelWhereItsEndpointIsMocked() throws Exception {
        model.expectedBodiesReceived("a picture");
        model.returnReplyBody(ExpressionBuilder.constantExpression("a caption"));

        assertThat(template().requestBody("direct:in", "a picture", String.class))
                .isEqualTo("a caption");
        model.assertIsSatisfied();
    }
}
