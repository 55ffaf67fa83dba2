package io.github.camelvlm.routes.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningService;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page of servers with other models, adapters and keys, in Chromium. */
@EnabledIf("io.github.camelvlm.routes.page.Browser#isThere")
class ServersInBrowserTest {
    private static Browser browser;

    @BeforeAll
    static void start() {
        browser = new Browser("en-US");
        browser.size(1280, 860);
    }

    @AfterAll
    static void stop() {
        browser.close();
    }

    @Test
    void offersAdaptersBesideTheModel() throws Exception {
        Path adapter = Goldens.MODEL.resolveSibling("shapes-json-lora");
        try (RunningService adapted = new RunningService(Map.of("vlm.adapters", "as-json=" + adapter))) {
            browser.open("http://localhost:" + adapted.port() + "/");
            browser.await(
                    "both are listed", page -> browser.all("#model option").size() == 2);
            WebElement choice = browser.find("#model option:last-child");
            assertThat(choice.getText()).isEqualTo("as-json (adapter of shapes-vl)");
            choice.click();

            browser.find("#samples button").click();

            assertThat(browser.answer(1)).startsWith("{").contains("star");
            browser.find("#recipes summary").click();
            browser.find("#tab-yaml").click();
            assertThat(browser.text("#recipe")).contains("adapter: \"as-json\"");
        }
    }

    @Test
    void offersEachOfSeveralModels() throws Exception {
        String random = Goldens.MODEL
                .resolve("../../../camel-vlm-component/src/test/resources/models/random-vl")
                .normalize()
                .toString();
        try (RunningService several = new RunningService(
                Map.of("vlm.model", "shapes", "vlm.models", "random=" + random + ",shapes=" + Goldens.MODEL))) {
            browser.open("http://localhost:" + several.port() + "/");
            browser.await(
                    "both are listed", page -> browser.all("#model option").size() == 2);
            assertThat(browser.all("#model option").stream().map(WebElement::getText))
                    .containsExactly("shapes", "random");

            browser.find("#samples button").click();

            assertThat(browser.answer(1)).contains("star");
            browser.find("#recipes summary").click();
            browser.find("#tab-yaml").click();
            assertThat(browser.text("#recipe")).contains("model: \"shapes\"");
        }
    }

    @Test
    void keepsAKeyInTheTabAlone() throws Exception {
        try (RunningService guarded =
                new RunningService(Map.of("api.key", "sesame", "api.cors-origins", "https://other.example"))) {
            browser.open("http://localhost:" + guarded.port() + "/");
            browser.await(
                    "a key is asked for", page -> browser.find("#key-dialog").isDisplayed());
            browser.find("#key").sendKeys("wrong", Keys.ENTER);
            browser.await(
                    "the key is refused", page -> browser.text("#key-error").startsWith("The API key is not one of"));
            browser.find("#key").clear();
            browser.find("#key").sendKeys("sesame", Keys.ENTER);
            browser.await(
                    "the key is taken", page -> !browser.find("#key-dialog").isDisplayed());

            browser.find("#samples button").click();

            assertThat(browser.answer(1)).contains("star");
            assertThat(browser.run("return localStorage.length + document.cookie.length"))
                    .isEqualTo(0L);
            assertThat(browser.run("return sessionStorage.getItem('camel-vlm.key')"))
                    .isEqualTo("sesame");
            browser.find("#to-folder").click();
            browser.await(
                    "the folder is told of",
                    page -> browser.text("#folder-note").startsWith("No folder is watched"));
        }
    }
}
