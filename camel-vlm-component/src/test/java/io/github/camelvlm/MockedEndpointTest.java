package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.goldens.GoldenCase;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Routes of users whose tests put something else in the place of the model, which is not there. */
class MockedEndpointTest {
    private static final String MISSING = "vlm:describe?model=/there/is/no/model";

    private final CamelContext context = new DefaultCamelContext();

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    private static RouteBuilder route() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").routeId("captions").to(MISSING).id("ask").to("mock:out");
            }
        };
    }

    private String sent() {
        return context.createProducerTemplate().requestBody("direct:in", "a picture", String.class);
    }

    @Test
    void needsNoModelWhereASendIsIntercepted() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                interceptSendToEndpoint("vlm:*").skipSendToOriginalEndpoint().setBody(constant("a caption"));
                from("direct:in").to(MISSING);
            }
        });
        context.start();

        assertThat(sent()).isEqualTo("a caption");
    }

    @Test
    void needsNoModelWhereARouteIsWovenByUriOrById() throws Exception {
        context.addRoutes(route());
        AdviceWith.adviceWith(
                context,
                "captions",
                advice -> advice.weaveByToUri("vlm:*").replace().setBody().constant("by URI"));
        context.start();
        assertThat(sent()).isEqualTo("by URI");
    }

    @Test
    void needsNoModelWhereItsStepIsReplacedByItsId() throws Exception {
        context.addRoutes(route());
        AdviceWith.adviceWith(context, "captions", advice -> {
            advice.replaceFromWith("direct:other");
            advice.weaveById("ask").replace().setBody().constant("by id");
        });
        context.start();

        assertThat(context.createProducerTemplate().requestBody("direct:other", "a picture", String.class))
                .isEqualTo("by id");
    }

    @Test
    void needsNoModelUntilAMessageComesWhereTheProducerStartsLazily() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to(MISSING + "&lazyStartProducer=true");
            }
        });

        context.start();

        assertThatThrownBy(this::sent).hasStackTraceContaining("/there/is/no/model");
    }

    private RouteBuilder twoRoutes(String later) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").routeId("later").autoStartup(false).to(later);
                from("direct:now").setBody(constant("now"));
            }
        };
    }

    @Test
    void needsNoModelWhileItsRouteDoesNotStart() throws Exception {
        context.addRoutes(twoRoutes(MISSING));

        context.start();
        context.getRouteController().startRoute("later");

        assertThatThrownBy(() -> context.createProducerTemplate()
                        .requestBody(
                                "direct:in",
                                GoldenCase.picture(VlmTestSupport.ONE_SHAPE).bytes()))
                .hasStackTraceContaining("/there/is/no/model");
    }

    @Test
    void needsNoModelInAContextWhoseRoutesDoNotStart() throws Exception {
        context.addRoutes(route());
        context.setAutoStartup(false);

        context.start();

        assertThat(context.getComponent("vlm", VlmComponent.class).engines()).isEmpty();
    }

    @Test
    void answersOnceARouteIsStartedThatDidNotStartWithTheContext() throws Exception {
        context.addRoutes(twoRoutes("vlm:describe?temperature=0&" + VlmTestSupport.MODEL));
        context.start();
        assertThat(context.getComponent("vlm", VlmComponent.class).engines()).isEmpty();

        context.getRouteController().startRoute("later");

        assertThat(context.createProducerTemplate()
                        .requestBody(
                                "direct:in",
                                GoldenCase.picture(VlmTestSupport.ONE_SHAPE).bytes(),
                                String.class))
                .isEqualTo(VlmTestSupport.ONE_SHAPE_CAPTION);
    }

    @Test
    void failsWhereARouteIsAddedAndStartedLaterWithoutItsModel() throws Exception {
        context.start();

        assertThatThrownBy(() -> context.addRoutes(route())).hasStackTraceContaining("/there/is/no/model");
    }

    @Test
    void stillFailsAtTheStartOfARouteThatAsksTheModel() throws Exception {
        context.addRoutes(route());

        assertThatThrownBy(context::start).hasStackTraceContaining("/there/is/no/model");
    }

    @Test
    void loadsTheModelWhereAMockPassesMessagesOn() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                interceptSendToEndpoint("vlm:*").to("mock:seen");
                from("direct:in").to("vlm:describe?" + VlmTestSupport.MODEL);
            }
        });
        context.start();

        assertThat(context.getComponent("vlm", VlmComponent.class).engines()).hasSize(1);
        assertThat(context.createProducerTemplate()
                        .requestBody(
                                "direct:in",
                                GoldenCase.picture(VlmTestSupport.ONE_SHAPE).bytes(),
                                String.class))
                .isEqualTo(VlmTestSupport.ONE_SHAPE_CAPTION);
    }
}
