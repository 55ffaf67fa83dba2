package io.github.camelvlm.routes.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.ApplicationProcess;
import io.github.camelvlm.routes.Goldens;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application where its port is not free. */
class TakenPortTest {

    @Test
    void isToldInOneSentence(@TempDir Path directory) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ApplicationProcess application = new ApplicationProcess(
                        directory,
                        Map.of(
                                "VLM_MODEL",
                                Goldens.MODEL.toString(),
                                "VLM_FOLDER",
                                "false",
                                "API_HOST",
                                "127.0.0.1",
                                "API_PORT",
                                String.valueOf(taken.getLocalPort())))) {
            assertThat(application.exitCode()).isEqualTo(1);
            assertThat(application.output()).allMatch(line -> line.contains(" INFO "));
            assertThat(application.errors())
                    .singleElement()
                    .asString()
                    .contains("127.0.0.1:" + taken.getLocalPort(), "API_PORT");
        }
    }
}
