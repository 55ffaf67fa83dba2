package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application while its model is being downloaded. */
class DownloadingTest {

    @Test
    void stopsAtOnceWhileItWaitsForTheHub(@TempDir Path root) throws Exception {
        try (ServerSocket silentHub = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            silentHub.setSoTimeout(30_000);
            Map<String, String> environment = Map.of(
                    "HF_ENDPOINT",
                    "http://127.0.0.1:" + silentHub.getLocalPort(),
                    "HF_HOME",
                    root.resolve("huggingface").toString(),
                    "HF_HUB_OFFLINE",
                    "",
                    "VLM_MODEL",
                    "Qwen/Qwen2-VL-2B-Instruct");
            try (ApplicationProcess application = new ApplicationProcess(root, environment);
                    Socket asked = silentHub.accept()) {
                assertThat(asked.getInputStream().read()).isEqualTo('G');
                long begin = System.nanoTime();

                application.stop();

                assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(10));
            }
        }
    }
}
