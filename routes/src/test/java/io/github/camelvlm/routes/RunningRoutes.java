package io.github.camelvlm.routes;

import io.github.camelvlm.routes.start.StartListener;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/** The application in this JVM, with the model shapes-vl in float32 on one thread. */
public final class RunningRoutes implements AutoCloseable {
    /** How long a file must be unchanged here; shorter than the default, so that tests are fast. */
    public static final String SETTLE = "300ms";

    private final Main main = new Main();

    public RunningRoutes(Path root) {
        this(root, Map.of());
    }

    /** @param properties what is set besides */
    public RunningRoutes(Path root, Map<String, String> properties) {
        WatchedFolder folder = new WatchedFolder(root);
        main.addOverrideProperty("vlm.model", Goldens.MODEL.toString());
        main.addOverrideProperty("vlm.device", "cpu");
        main.addOverrideProperty("vlm.dtype", "float32");
        main.addOverrideProperty("vlm.threads", "1");
        main.addOverrideProperty("api.port", "0");
        main.addOverrideProperty("vlm.settle", SETTLE);
        main.addOverrideProperty("vlm.inbox", folder.inbox().toString());
        main.addOverrideProperty("vlm.captions", folder.captions().toString());
        main.addOverrideProperty("vlm.done", folder.done().toString());
        main.addOverrideProperty("vlm.failed", folder.failed().toString());
        properties.forEach(main::addOverrideProperty);
        main.configure().setInflightRepositoryBrowseEnabled(true);
        StartListener.addTo(main);
        main.start();
    }

    public CamelContext context() {
        return main.getCamelContext();
    }

    @Override
    public void close() {
        main.stop();
    }
}
