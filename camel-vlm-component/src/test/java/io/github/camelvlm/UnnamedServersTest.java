package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.UnixOperatingSystemMXBean;
import com.sun.net.httpserver.HttpServer;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that are to tell which model they have, and are not there yet. */
class UnnamedServersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CamelContext context = new DefaultCamelContext();
    private InetSocketAddress address;
    private ProducerTemplate template;
    private long threadsBefore;

    @BeforeEach
    void start() throws IOException {
        threadsBefore = threads();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = (InetSocketAddress) free.getLocalSocketAddress();
        }
        context.getRegistry().bind("meters", registry);
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    /** Those of engines, whatever other tests have left of their clients. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("vlm-remote-"))
                .count();
    }

    private static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    private String uri() {
        return "vlm:chat?engine=remote&lazyStart=true&retryTimeout=0&baseUrl=http://localhost:" + address.getPort();
    }

    private void ask() {
        template.requestBody(uri(), "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    }

    private static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).as(what).isLessThan(Duration.ofSeconds(20));
            Thread.onSpinWait();
        }
    }

    private static boolean isNamed(VlmEndpoint endpoint) {
        try {
            return endpoint.engine().isReady();
        } catch (EngineUnavailableException e) {
            return false;
        }
    }

    @Test
    void costNoThreadsAndDescriptorsWithEachMessage() throws Exception {
        long descriptorsBefore = descriptors();
        for (int i = 0; i < 60; i++) {
            assertThatThrownBy(this::ask).hasRootCauseInstanceOf(EngineUnavailableException.class);
        }

        assertThat(threads() - threadsBefore).isLessThan(10);
        assertThat(descriptors() - descriptorsBefore).isLessThan(30);

        context.stop();

        until("its threads end", () -> threads() <= threadsBefore);
    }

    @Test
    void areToldOfOnceTheyTellTheirModel() throws Exception {
        assertThatThrownBy(this::ask).hasRootCauseInstanceOf(EngineUnavailableException.class);
        assertThat(registry.getMeters())
                .noneMatch(meter -> meter.getId().getName().equals("vlm.num.requests.running"));
        HttpServer server = HttpServer.create(address, 0);
        server.createContext("/v1/models", exchange -> {
            byte[] models =
                    "{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"object\":\"model\",\"created\":1,\"owned_by\":\"x\"}]}"
                            .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, models.length);
            exchange.getResponseBody().write(models);
            exchange.close();
        });
        server.start();
        try {
            VlmEndpoint endpoint = context.getEndpoint(uri(), VlmEndpoint.class);
            until("the server is found", () -> isNamed(endpoint));

            assertThat(registry.get("vlm.num.requests.running")
                            .tag("model_name", "m")
                            .gauge()
                            .value())
                    .isZero();
        } finally {
            server.stop(0);
        }
    }
}
