package io.github.camelvlm.routes.page;

import io.github.camelvlm.routes.RunningRoutes;
import io.github.camelvlm.routes.RunningService;
import io.github.camelvlm.routes.WatchedFolder;
import java.nio.file.Path;
import java.util.Map;
import org.openqa.selenium.Keys;

/** The page of an application that watches a folder, open in a browser. */
final class ServedPage implements AutoCloseable {
    static final Path SAMPLES = Path.of("../samples/pictures").toAbsolutePath().normalize();

    /** What is said of the sample diamond.png. */
    static final String DIAMOND = "A small yellow diamond on a white background.";

    private final WatchedFolder folder;
    private final RunningService service;
    private final Browser browser;

    ServedPage(Path root) {
        folder = new WatchedFolder(root);
        service = new RunningService(Map.of(
                "vlm.folder", "true",
                "vlm.settle", RunningRoutes.SETTLE,
                "vlm.inbox", folder.inbox().toString(),
                "vlm.captions", folder.captions().toString(),
                "vlm.done", folder.done().toString(),
                "vlm.failed", folder.failed().toString()));
        browser = new Browser("en-US");
    }

    WatchedFolder folder() {
        return folder;
    }

    RunningService service() {
        return service;
    }

    Browser browser() {
        return browser;
    }

    String address() {
        return "http://localhost:" + service.port() + "/";
    }

    /** Opens it anew, on a large light screen. */
    void open() {
        browser.prefer("light");
        browser.size(1280, 860);
        browser.open("about:blank");
        browser.open(address());
        browser.await("models are listed", page -> "shapes-vl".equals(browser.text("#model option")));
        browser.complaints();
    }

    void ask(String question) {
        browser.find("#question").sendKeys(question, Keys.ENTER);
    }

    void choose(Path picture) {
        browser.find("#choose").sendKeys(picture.toString());
        browser.await(
                "the picture is attached", page -> browser.all("#attached li").size() == 1);
    }

    @Override
    public void close() {
        browser.close();
        service.close();
    }
}
