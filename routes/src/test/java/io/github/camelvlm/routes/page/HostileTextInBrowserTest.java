package io.github.camelvlm.routes.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.RunningRoutes;
import io.github.camelvlm.routes.RunningService;
import io.github.camelvlm.routes.WatchedFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** Whatever a model, a file or a server is called or says: it stays text on the page. */
@EnabledIf("io.github.camelvlm.routes.page.Browser#isThere")
class HostileTextInBrowserTest {
    private static final String FILE = "<img src=x onerror=alert(1)>.png";

    @TempDir
    private static Path root;

    private static WatchedFolder folder;
    private static HostileModel model;
    private static RunningService service;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        folder = new WatchedFolder(root);
        model = new HostileModel();
        service = new RunningService(Map.of(
                "vlm.engine", "remote",
                "vlm.base-url", model.url(),
                "vlm.model", "",
                "vlm.folder", "true",
                "vlm.settle", RunningRoutes.SETTLE,
                "vlm.inbox", folder.inbox().toString(),
                "vlm.captions", folder.captions().toString(),
                "vlm.done", folder.done().toString(),
                "vlm.failed", folder.failed().toString()));
        browser = new Browser("en-US");
    }

    @AfterAll
    static void stop() {
        browser.close();
        service.close();
        model.close();
    }

    @BeforeEach
    void open() {
        browser.open("about:blank");
        browser.open("http://localhost:" + service.port() + "/");
        browser.await("models are listed", page -> HostileModel.NAME.equals(browser.text("#model option")));
        browser.complaints();
    }

    private static void assertThatAllIsText() {
        assertThat(browser.all("main script, main [onerror], .theirs img, .caption *, .name *"))
                .isEmpty();
        assertThat(browser.run("return document.title")).isEqualTo("camel-vlm");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void showsAnAnswerWithAScriptAsText() throws Exception {
        browser.find("#choose")
                .sendKeys(Files.copy(Path.of("../samples/pictures/diamond.png"), root.resolve(FILE))
                        .toString());
        browser.await(
                "the picture is attached", page -> browser.all("#attached img").size() == 1);
        browser.find("#question").sendKeys("<b onclick=x>bold</b>", Keys.ENTER);

        assertThat(browser.answer(1)).isEqualTo(HostileModel.ANSWER);

        assertThat(browser.text(".mine .words")).isEqualTo("<b onclick=x>bold</b>");
        browser.find("#recipes summary").click();
        browser.await("it is shown as code", page -> browser.text("#recipe").contains(FILE));
        browser.find("#language").click();
        browser.find("#language").click();
        assertThatAllIsText();
    }

    @Test
    void showsACaptionWithAScriptAsText() throws Exception {
        folder.put("one-shape.png", FILE);

        browser.find("#to-folder").click();

        browser.await("it is shown", page -> browser.all("#shown .frame img").size() == 1);
        assertThat(browser.text("#shown .caption")).isEqualTo(HostileModel.ANSWER);
        assertThat(browser.text("#shown .name")).isEqualTo(FILE);
        assertThatAllIsText();
    }

    @Test
    void stopsAnAnswerForGood() throws Exception {
        browser.find("#question").sendKeys("Speak slowly", Keys.ENTER);
        browser.await("words come", page -> browser.text(".theirs .answer").startsWith("word word"));
        assertThat(browser.find(".theirs").getDomAttribute("aria-busy")).isEqualTo("true");
        assertThat(browser.find("#send").isDisplayed()).isFalse();

        browser.find("#stop").click();

        assertThat(browser.answer(1)).startsWith("word word");
        assertThat(browser.text(".theirs .figures")).contains("stopped");
        assertThat(model.isGivenUp()).isTrue();
        assertThat(browser.focused()).isEqualTo(browser.find("#question"));
    }
}
