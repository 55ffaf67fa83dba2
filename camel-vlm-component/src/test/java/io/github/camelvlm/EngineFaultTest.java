package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.goldens.EditedModel;
import io.github.camelvlm.goldens.GoldenCase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Collection;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a context tells of an engine that fails on everything: here of a model whose weights are no numbers. */
@Timeout(60)
class EngineFaultTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @TempDir
    private Path folder;

    private CamelContext context;

    @BeforeEach
    void start() throws Exception {
        EditedModel.copy(GoldenCase.RANDOM_VL, folder).tensor("model.norm.weight", bytes -> {
            while (bytes.hasRemaining()) {
                bytes.putShort((short) 0x7FC0);
            }
        });
        context = new DefaultCamelContext();
        context.getRegistry().bind("meters", registry);
        HealthCheckHelper.getHealthCheckRepository(context, "producers").setEnabled(true);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:describe").to("vlm:describe?threads=1&device=cpu&model=RAW(" + folder + ")");
            }
        });
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private void fail() {
        ProducerTemplate template = context.createProducerTemplate();
        assertThatThrownBy(() -> template.requestBody(
                        "direct:describe",
                        GoldenCase.picture(VlmTestSupport.ONE_SHAPE).bytes()))
                .hasRootCauseInstanceOf(RuntimeException.class)
                .cause()
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("logits are not finite");
    }

    private static HealthCheck.Result vlm(Collection<HealthCheck.Result> results) {
        return results.stream()
                .filter(result -> result.getCheck().getId().contains("vlm"))
                .findFirst()
                .orElseThrow();
    }

    private double faults() {
        return registry.get("vlm.engine.fault")
                .tag("kind", "not_finite")
                .gauge()
                .value();
    }

    @Test
    void isNeitherReadyNorLiveAfterSomeFailuresInARow() {
        assertThat(vlm(HealthCheckHelper.invokeReadiness(context)).getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(vlm(HealthCheckHelper.invokeLiveness(context)).getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(faults()).isZero();

        for (int i = 0; i < 3; i++) {
            fail();
        }

        HealthCheck.Result readiness = vlm(HealthCheckHelper.invokeReadiness(context));
        HealthCheck.Result liveness = vlm(HealthCheckHelper.invokeLiveness(context));
        for (HealthCheck.Result result : new HealthCheck.Result[] {readiness, liveness}) {
            assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
            assertThat(result.getMessage().orElseThrow())
                    .contains("The engine fails on everything: its logits are not finite");
            assertThat(result.getDetails()).containsEntry("fault", "not_finite");
        }
        assertThat(faults()).isEqualTo(1);
    }
}
