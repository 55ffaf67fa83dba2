package io.github.camelvlm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListenerTest {
    private final Vertx vertx = Vertx.vertx();
    private final Listener server = new Listener((VertxInternal) vertx, new HttpServerOptions(), true);

    @BeforeEach
    void listen() {
        server.requestHandler(request -> request.response().end())
                .listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void awaitsTheFirstRequestOfAConnectionAndNoOther() throws Exception {
        try (Socket client = new Socket("localhost", server.actualPort())) {
            await(server::awaitsFirstRequest);

            assertThat(firstLine(client)).isEqualTo("HTTP/1.1 200 OK");
            assertThat(server.awaitsFirstRequest()).isFalse();
        }
    }

    @Test
    void awaitsNothingOfAConnectionThatIsClosed() throws Exception {
        Socket client = new Socket("localhost", server.actualPort());
        await(server::awaitsFirstRequest);

        client.close();

        await(() -> !server.awaitsFirstRequest());
    }

    @Test
    void answersThoseItHasHeldOnceItHasStoppedListening() throws Exception {
        try (Socket known = new Socket("localhost", server.actualPort())) {
            assertThat(firstLine(known)).isEqualTo("HTTP/1.1 200 OK");
            server.hold();
            try (Socket held = new Socket("localhost", server.actualPort())) {
                await(server::awaitsFirstRequest);

                server.stopListening();

                assertThat(firstLine(held)).isEqualTo("HTTP/1.1 200 OK");
                assertThat(firstLine(known)).isEqualTo("HTTP/1.1 200 OK");
                assertThatThrownBy(() -> new Socket("localhost", server.actualPort()))
                        .isInstanceOf(ConnectException.class);
            }
        }
    }

    private static String firstLine(Socket client) throws IOException {
        client.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        BufferedReader in =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        String status = in.readLine();
        assertThat(in.readLine()).isEqualTo("content-length: 0");
        assertThat(in.readLine()).isEmpty();
        return status;
    }

    private static void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(30));
            Thread.onSpinWait();
        }
    }
}
