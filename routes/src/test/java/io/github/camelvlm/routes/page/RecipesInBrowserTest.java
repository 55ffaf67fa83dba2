package io.github.camelvlm.routes.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The requests and routes that the page shows to copy, in Chromium, in a shell and in Camel. */
class RecipesInBrowserTest extends OpenPage {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void copiesARequestThatAShellSends() throws Exception {
        Path picture = Files.copy(ServedPage.SAMPLES.resolve("diamond.png"), root.resolve("it's `one` $(of) mine.png"));
        served.choose(picture);
        browser.find("#question").sendKeys("Describe this image.");
        browser.run("document.getElementById('system').value = arguments[0]", "`touch hacked` $(touch hacked) \\ \"'");
        browser.find("#recipes summary").click();

        String command = browser.find("#recipe").getDomProperty("textContent");
        Process shell = new ProcessBuilder("bash", "-c", command)
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(answer).as(command).contains("\"content\":\"");
        assertThat(root.resolve("hacked")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Describe \"this\" image: {{vlm.prompt}} & 100% 'it' \\ 图", "What closes }} and opens not?"})
    void copiesARouteThatCamelRuns(String question, @TempDir Path inbox) throws Exception {
        browser.find("#question").sendKeys(question);
        browser.find("details:has(#fields) summary").click();
        browser.find("#max_tokens").sendKeys("20");
        browser.find("#recipes summary").click();
        browser.find("#tab-yaml").click();
        String route = browser.find("#recipe")
                .getDomProperty("textContent")
                .replace("file:inbox", "file:" + inbox)
                .replace("file:captions?fileName=${file:name}.txt", "seda:copied");

        PluginHelper.getRoutesLoader(service.context())
                .loadRoutes(ResourceHelper.fromString("copied-" + inbox.getFileName() + ".camel.yaml", route));
        Files.copy(ServedPage.SAMPLES.resolve("diamond.png"), inbox.resolve("diamond.png"));

        Exchange described = service.context().createConsumerTemplate().receive("seda:copied", 30_000);
        assertThat(described.getMessage().getHeader("CamelVlmPrompt")).isEqualTo(question);
        assertThat(described.getMessage().getBody(String.class)).isNotEmpty();
    }

    @Test
    void asksForJsonOfASchemaByItselfAndByWhatIsCopied() throws Exception {
        browser.find("details:has(#schema-text) summary").click();
        browser.find("#schema-example").click();
        // Its braces are no placeholders of Camel's.
        browser.run("const field = document.getElementById('schema-text');"
                + "field.value = field.value.replace('\"string\"', '\"string\", \"description\": \"{{vlm.nothing}}\"');"
                + "field.dispatchEvent(new Event('input', {bubbles: true}));"
                + "field.dispatchEvent(new Event('change'))");
        served.choose(ServedPage.SAMPLES.resolve("diamond.png"));
        served.ask("List the objects as JSON.");
        JsonNode answered = JSON.readTree(browser.answer(1));
        assertThat(browser.answer(1)).startsWith("{\n  \"");
        browser.find("#recipes summary").click();
        browser.find("#tab-yaml").click();
        Path inbox = root.resolve("inbox of the schema");
        String route = browser.find("#recipe")
                .getDomProperty("textContent")
                .replace("file:inbox", "file:" + inbox)
                .replace("file:captions?fileName=${file:name}.txt", "seda:of-the-schema");

        PluginHelper.getRoutesLoader(service.context())
                .loadRoutes(ResourceHelper.fromString("schema.camel.yaml", route));
        Files.copy(ServedPage.SAMPLES.resolve("diamond.png"), inbox.resolve("diamond.png"));

        Exchange described = service.context().createConsumerTemplate().receive("seda:of-the-schema", 30_000);
        assertThat(described).as(route).isNotNull();
        assertThat(JSON.readTree(described.getMessage().getBody(String.class)).fieldNames())
                .toIterable()
                .as(route)
                .containsExactlyElementsOf(() -> answered.fieldNames());
    }

    @Test
    void showsTheSameAsRoutes() {
        browser.find("#question").sendKeys("Which \"colour\"?");
        browser.find("details:has(#fields) summary").click();
        browser.find("#top_p").sendKeys("0.5");
        browser.find("#recipes summary").click();

        browser.find("details:has(#schema-text) summary").click();
        browser.find("#schema-example").click();

        assertThat(browser.text("#recipe"))
                .contains("\"type\": \"json_schema\"")
                .contains("\"top_p\": 0.5");
        browser.find("#tab-curl").sendKeys(Keys.ARROW_RIGHT);
        assertThat(browser.focused()).isEqualTo(browser.find("#tab-yaml"));
        assertThat(browser.text("#recipe"))
                .contains("expression: \"Which \\\"colour\\\"?\"")
                .contains("topP: 0.5");
        browser.find("#tab-yaml").sendKeys(Keys.ARROW_RIGHT);
        assertThat(browser.text("#recipe"))
                .contains(".setHeader(\"CamelVlmPrompt\", constant(\"Which \\\"colour\\\"?\"))")
                .contains("topP=0.5");
    }
}
