package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.goldens.GoldenCase;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AggregationStrategies;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The component within Camel's patterns. */
class RoutePatternsTest extends VlmTestSupport {
    private static final String ASK = "vlm:describe?temperature=0&" + MODEL;

    private static byte[] bytes() {
        return GoldenCase.picture(ONE_SHAPE).bytes();
    }

    private static InputStream stream() {
        return new ByteArrayInputStream(bytes());
    }

    @FunctionalInterface
    private interface Routes {
        void add(RouteBuilder builder) throws Exception;
    }

    private void add(Routes routes) throws Exception {
        add(context(), routes);
    }

    private static void add(CamelContext context, Routes routes) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() throws Exception {
                routes.add(this);
            }
        });
    }

    private String caption(String uri, Object body) {
        return template().requestBody(uri, body, String.class);
    }

    @Test
    void asksEndpointsThatAreNamedByAMessageWithOneEngine() throws Exception {
        add(
                builder -> builder.from("direct:dynamic")
                        .toD(
                                "vlm:describe?temperature=0&prompt=${header.question}&model=${header.where}&device=cpu&dtype=float32&threads=1"));

        for (String question : List.of("Describe this image.", "Count the shapes.", "Describe this image.")) {
            Exchange answer = send("direct:dynamic", exchange -> {
                exchange.getMessage().setHeader("question", question);
                exchange.getMessage().setHeader("where", GoldenCase.SHAPES_VL.toString());
                exchange.getMessage().setBody(bytes());
            });
            assertThat(answer.getMessage().getBody(String.class)).isNotBlank();
        }

        assertThat(context().getComponent("vlm", VlmComponent.class).engines()).hasSize(1);
    }

    @Test
    void leavesAStreamToTheOtherBranchesOfAMulticast() throws Exception {
        add(builder -> builder.from("direct:multicast")
                .multicast(AggregationStrategies.groupedBody())
                .parallelProcessing()
                .to(ASK, ASK + "&maxTokens=3", ASK)
                .end());

        List<?> captions = template().requestBody("direct:multicast", stream(), List.class);

        assertThat(captions).hasSize(3);
        assertThat(captions.stream().filter(ONE_SHAPE_CAPTION::equals)).hasSize(2);
    }

    @Test
    void answersBesideAWireTapOfTheSameStream() throws Exception {
        MockEndpoint tapped = context().getEndpoint("mock:tapped", MockEndpoint.class);
        tapped.expectedBodiesReceived(ONE_SHAPE_CAPTION);
        add(builder -> {
            builder.from("direct:tap").wireTap("direct:tapped").to(ASK);
            builder.from("direct:tapped").to(ASK).to(tapped);
        });

        assertThat(caption("direct:tap", stream())).isEqualTo(ONE_SHAPE_CAPTION);
        tapped.assertIsSatisfied(TimeUnit.SECONDS.toMillis(30));
    }

    @Test
    void answersThePartsOfASplitAndKeepsTheirOrder() throws Exception {
        add(builder -> builder.from("direct:split")
                .split(builder.body(), AggregationStrategies.groupedBody())
                .streaming()
                .parallelProcessing()
                .to(ASK)
                .end());

        List<?> captions = template()
                .requestBody(
                        "direct:split", List.of(stream(), bytes(), stream()).iterator(), List.class);

        assertThat(captions).isEqualTo(List.of(ONE_SHAPE_CAPTION, ONE_SHAPE_CAPTION, ONE_SHAPE_CAPTION));
    }

    @Test
    void describesWhatIsPolledAndEnrichesWithACaption(@TempDir Path folder) throws Exception {
        Files.write(folder.resolve("picture.png"), bytes());
        add(builder -> {
            builder.from("direct:poll")
                    .pollEnrich("file:" + folder + "?noop=true&fileName=picture.png", 10_000)
                    .to(ASK);
            builder.from("direct:enrich").enrich(ASK, (picture, caption) -> {
                picture.getMessage().setHeader("caption", caption.getMessage().getBody());
                return picture;
            });
        });

        assertThat(caption("direct:poll", "")).isEqualTo(ONE_SHAPE_CAPTION);
        Exchange enriched =
                send("direct:enrich", exchange -> exchange.getMessage().setBody(bytes()));
        assertThat(enriched.getMessage().getHeader("caption")).isEqualTo(ONE_SHAPE_CAPTION);
        assertThat(enriched.getMessage().getBody()).isEqualTo(bytes());
    }

    @Test
    void describesPicturesThatWereCollectedByAnAggregator() throws Exception {
        MockEndpoint collected = context().getEndpoint("mock:collected", MockEndpoint.class);
        collected.expectedMessageCount(1);
        add(builder -> builder.from("direct:collect")
                .aggregate(builder.constant(true), AggregationStrategies.groupedBody())
                .completionSize(2)
                .to(ASK)
                .to(collected));

        template().sendBody("direct:collect", bytes());
        template().sendBody("direct:collect", new File("src/test/resources/goldens/images/" + ONE_SHAPE));

        collected.assertIsSatisfied(TimeUnit.SECONDS.toMillis(30));
        assertThat(collected.getExchanges().get(0).getMessage().getBody(String.class))
                .isNotBlank();
    }

    @Test
    void asksAgainAboutTheSameStreamWhereTheErrorHandlerDoes() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        add(builder -> {
            builder.onException(IllegalStateException.class)
                    .maximumRedeliveries(2)
                    .redeliveryDelay(0);
            builder.from("direct:redeliver").to("direct:once");
            builder.from("direct:once")
                    .errorHandler(builder.noErrorHandler())
                    .to(ASK)
                    .process(exchange -> {
                        if (asked.incrementAndGet() == 1) {
                            throw new IllegalStateException("once");
                        }
                    });
        });

        Exchange answered =
                send("direct:redeliver", exchange -> exchange.getMessage().setBody(stream()));

        assertThat(asked).hasValue(2);
        assertThat(answered.getMessage().getBody(String.class)).isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void keepsItsEngineWhileRoutesStopAndTheContextIsSuspended() throws Exception {
        CamelContext own = new DefaultCamelContext();
        try {
            add(own, builder -> builder.from("direct:in").routeId("captions").to(ASK));
            own.start();
            Object engine =
                    own.getComponent("vlm", VlmComponent.class).engines().get(0);

            own.getRouteController().stopRoute("captions");
            own.getRouteController().startRoute("captions");
            own.suspend();
            own.resume();

            assertThat(own.createProducerTemplate().requestBody("direct:in", stream(), String.class))
                    .isEqualTo(ONE_SHAPE_CAPTION);
            assertThat(own.getComponent("vlm", VlmComponent.class).engines()).hasSize(1);
            assertThat(own.getComponent("vlm", VlmComponent.class).engines().get(0))
                    .isSameAs(engine);
        } finally {
            own.stop();
        }
    }

    @Test
    void leavesTheEngineOfAnotherContextAlone() throws Exception {
        CamelContext other = new DefaultCamelContext();
        add(other, builder -> builder.from("direct:in").to(ASK));
        other.start();
        assertThat(other.createProducerTemplate().requestBody("direct:in", stream(), String.class))
                .isEqualTo(ONE_SHAPE_CAPTION);
        assertThat(describe(stream())).isEqualTo(ONE_SHAPE_CAPTION);

        other.stop();

        assertThat(describe(stream())).isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void saysWhatToWriteInsteadOfPollingIt() throws Exception {
        add(builder -> builder.from("direct:polled").poll(ASK, 100));

        assertThatThrownBy(() -> caption("direct:polled", bytes()))
                .hasStackTraceContaining("Nothing can be consumed from vlm: write to(");
    }
}
