package io.github.camelvlm.routes.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.routes.BatchFile;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningRoutes;
import io.github.camelvlm.routes.RunningService;
import io.github.camelvlm.routes.WatchedFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page as people use it, in Chromium. */
@EnabledIf("io.github.camelvlm.routes.page.Browser#isThere")
class PageInBrowserTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Path SAMPLES =
            Path.of("../samples/pictures").toAbsolutePath().normalize();
    private static final String DIAMOND = "A small yellow diamond on a white background.";

    @TempDir
    private static Path root;

    private static WatchedFolder folder;
    private static RunningService service;
    private static Browser browser;

    @BeforeAll
    static void start() {
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

    @AfterAll
    static void stop() {
        browser.close();
        service.close();
    }

    @BeforeEach
    void open() {
        browser.prefer("light");
        browser.size(1280, 860);
        browser.open("about:blank");
        browser.open(address());
        browser.await("models are listed", page -> "shapes-vl".equals(browser.text("#model option")));
        browser.complaints();
    }

    private static String address() {
        return "http://localhost:" + service.port() + "/";
    }

    private static void ask(String question) {
        browser.find("#question").sendKeys(question, Keys.ENTER);
    }

    private static void choose(Path picture) {
        browser.find("#choose").sendKeys(picture.toString());
        browser.await(
                "the picture is attached", page -> browser.all("#attached li").size() == 1);
    }

    @Test
    void answersAboutASampleAtAClick() {
        browser.find("#samples button[aria-label='Ask about diamond.png']").click();

        assertThat(browser.answer(1)).isEqualTo(DIAMOND);
        assertThat(browser.text(".theirs .figures")).matches("(?s).*\\d+ \\+ \\d+ tokens.*first token [\\d.]+ s.*");
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.loaded()).isNotEmpty().allMatch(url -> url.startsWith(address()) || url.startsWith("data:"));
    }

    @Test
    void goesOnWithAConversationAndBeginsAnother() {
        choose(SAMPLES.resolve("diamond.png"));
        ask("Describe this image.");
        assertThat(browser.answer(1)).isEqualTo(DIAMOND);
        ask("How many shapes are there?");
        assertThat(browser.answer(2)).containsAnyOf("1", "one", "One");

        browser.find("#restart").click();

        assertThat(browser.all("#turns > *")).isEmpty();
        assertThat(browser.focused()).isEqualTo(browser.find("#question"));
    }

    @ParameterizedTest
    @CsvSource({"paste, clipboardData", "drop, dataTransfer"})
    void takesPicturesThatAreDroppedOrPasted(String event, String holder) {
        browser.run(
                "const [type, holder] = arguments; fetch('page/samples/diamond.png').then(r => r.blob()).then(blob => {"
                        + "const data = new DataTransfer(); data.items.add(new File([blob], 'a.png', {type: blob.type}));"
                        + "document.body.dispatchEvent(type === 'paste'"
                        + " ? new ClipboardEvent(type, {[holder]: data, bubbles: true, cancelable: true})"
                        + " : new DragEvent(type, {[holder]: data, bubbles: true, cancelable: true}))})",
                event,
                holder);
        browser.await("it is attached", page -> browser.all("#attached img").size() == 1);

        ask("Describe this image.");

        assertThat(browser.answer(1)).isEqualTo(DIAMOND);
    }

    @Test
    void takesAPictureAwayAgain() {
        choose(SAMPLES.resolve("diamond.png"));

        browser.find("#attached button[aria-label='Remove diamond.png']").click();

        assertThat(browser.find("#attached").isDisplayed()).isFalse();
    }

    @Test
    void asksWhenEnterIsPressedAndNotForANewLine() {
        browser.find("#question").sendKeys("How many", Keys.chord(Keys.SHIFT, Keys.ENTER), "shapes?");
        assertThat(browser.find("#question").getDomProperty("value")).isEqualTo("How many\nshapes?");
        assertThat(browser.all(".theirs")).isEmpty();

        browser.find("#question").sendKeys(Keys.ENTER);

        assertThat(browser.answer(1)).isNotEmpty();
    }

    @Test
    void saysErrorsInTheWordsOfTheApiAndGivesTheQuestionBack() throws Exception {
        choose(Files.write(root.resolve("broken.png"), new byte[] {1, 2, 3}));
        ask("Describe this image.");

        String error = browser.answer(1);

        assertThat(error).isEqualTo(service.chat("""
                {"model": "shapes-vl", "messages": [{"role": "user", "content": [
                  {"type": "image_url", "image_url": {"url": "data:image/png;base64,AQID"}},
                  {"type": "text", "text": "Describe this image."}]}]}""").error().get("message").asText());
        assertThat(browser.find("#question").getDomProperty("value")).isEqualTo("Describe this image.");
        assertThat(browser.all("#attached li")).hasSize(1);
    }

    @Test
    void sendsWhatIsSet() {
        browser.find("details:has(#fields) summary").click();
        browser.find("#max_tokens").sendKeys("3");
        browser.find("#temperature").sendKeys("0");
        choose(SAMPLES.resolve("diamond.png"));

        ask("Describe this image.");

        browser.answer(1);
        assertThat(browser.text(".theirs .figures")).contains("+ 3 tokens").contains("cut at the most tokens");
    }

    @Test
    void sendsNothingThatIsSetWrongly() {
        browser.find("details:has(#schema-text) summary").click();
        browser.find("#schema-text").sendKeys("{not json");

        ask("Hello");

        assertThat(browser.all(".theirs")).isEmpty();
        assertThat(browser.text("#schema-error")).startsWith("This is no JSON");
        assertThat(browser.focused()).isEqualTo(browser.find("#schema-text"));
    }

    @Test
    void formatsJson() {
        choose(SAMPLES.resolve("two-stars.webp"));
        ask("List the objects as JSON.");

        assertThat(browser.answer(1)).startsWith("{\n  \"objects\": [\n");
        assertThat(browser.find(".theirs .answer").getDomAttribute("class")).contains("code");
    }

    @Test
    void drawsBoxesWhereTheyAreOnThePicture() {
        browser.find("#samples button[aria-label='Ask about two-stars.webp']").click();
        browser.answer(1);

        browser.run("const figures = [...document.querySelectorAll('figure.picture')];"
                + "return import('/page/boxes.js').then(boxes => boxes.draw(figures,"
                + " boxes.readable([{label: '<b>star</b>', box: [0, 0, 56, 56]}, {label: 'no box', box: [1]}])))");

        List<?> part = (List<?>) browser.run("const image = document.querySelector('figure.picture img');"
                + "const box = document.querySelector('rect.box').getBoundingClientRect();"
                + "const whole = image.getBoundingClientRect();"
                + "return [box.left - whole.left, box.width / whole.width * image.naturalWidth].map(Math.round)");
        assertThat(part.toString()).isEqualTo("[0, 56]");
        assertThat(browser.all("rect.box")).hasSize(1);
        assertThat(browser.text(".tag")).isEqualTo("<b>star</b>");
    }

    @Test
    void offersBoxesOnlyWhereTheServerTellsThem() throws Exception {
        boolean tellsThem = service.get("/openapi.json").json().at("/components/schemas").findValues("boxes").stream()
                .anyMatch(field -> "boolean".equals(field.path("type").asText()));
        browser.await(
                "the description is read",
                page -> browser.loaded().stream().anyMatch(name -> name.endsWith("/openapi.json")));
        if (!tellsThem) {
            assertThat(browser.find("#boxes").isDisplayed()).isFalse();
            return;
        }
        browser.await("boxes are offered", page -> browser.find("#boxes").isDisplayed());
        browser.find("#boxes").click();
        choose(SAMPLES.resolve("two-stars.webp"));
        ask("Detect the black star.");
        browser.answer(1);
        browser.await(
                "a box is drawn", page -> browser.all("figure.picture rect.box").size() == 1);
        assertThat(browser.text(".tag")).isEqualTo("black star");
        browser.photograph("boxes");
        ask("Detect the purple star.");
        browser.answer(2);
        assertThat(browser.all("figure.picture rect.box"))
                .as("on the picture of the turn before")
                .hasSize(1);
        assertThat(browser.text(".tag")).isEqualTo("purple star");
    }

    @Test
    void copiesARequestThatAShellSends() throws Exception {
        Path picture = Files.copy(SAMPLES.resolve("diamond.png"), root.resolve("it's `one` $(of) mine.png"));
        choose(picture);
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
        Files.copy(SAMPLES.resolve("diamond.png"), inbox.resolve("diamond.png"));

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
        choose(SAMPLES.resolve("diamond.png"));
        ask("List the objects as JSON.");
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
        Files.copy(SAMPLES.resolve("diamond.png"), inbox.resolve("diamond.png"));

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

    @Test
    void speaksChineseToThoseWhoReadIt() throws Exception {
        try (Browser chinese = new Browser("zh-CN")) {
            chinese.open(address());
            chinese.await("models are listed", page -> "shapes-vl".equals(chinese.text("#model option")));
            assertThat(chinese.text("h2")).isEqualTo("您的图片里有什么？");
            assertThat(chinese.find("html").getDomAttribute("lang")).isEqualTo("zh-CN");
            chinese.find("#samples button").click();
            assertThat(chinese.answer(1)).contains("星");
            assertThat(chinese.barriers()).isEmpty();
            chinese.photograph("ask-chinese");

            chinese.find("#language").click();

            assertThat(chinese.text("#send")).isEqualTo("Ask");
            assertThat(chinese.text(".theirs .figures")).contains("tokens");
        }
    }

    @ParameterizedTest
    @CsvSource({"light, 1280, 860", "dark, 1280, 860", "light, 390, 844", "dark, 390, 844"})
    void canBeUsedByAll(String theme, int width, int height) throws Exception {
        browser.prefer(theme);
        browser.size(width, height);
        String name = "-" + theme + (width < 600 ? "-phone" : "");
        assertThat(browser.barriers()).isEmpty();
        browser.photograph("welcome" + name);

        browser.find("#samples button").click();
        browser.answer(1);
        choose(SAMPLES.resolve("sign.png"));
        ask("Read the text in the image.");
        browser.answer(2);
        choose(SAMPLES.resolve("two-stars.webp"));
        ask("List the objects as JSON.");
        browser.answer(3);
        assertThat(browser.barriers()).isEmpty();
        browser.photograph("ask" + name);
        browser.run("document.querySelectorAll('details').forEach(each => each.open = true)");
        browser.await("the recipe is there", page -> browser.text("#recipe").contains("curl"));
        assertThat(browser.barriers()).isEmpty();
        browser.run("document.querySelector('#recipes').scrollIntoView()");
        browser.photograph("open" + name);
        assertThat(browser.isWiderThanTheScreen()).isFalse();

        browser.find("#show-key").click();
        assertThat(browser.barriers()).isEmpty();
        browser.photograph("key" + name);
    }

    @ParameterizedTest
    @CsvSource({"light, 1280, 860", "dark, 1280, 860", "light, 390, 844", "dark, 390, 844"})
    void showsTheFolderAtWork(String theme, int width, int height) throws Exception {
        browser.prefer(theme);
        browser.size(width, height);
        String name = theme + (width < 600 ? "-phone" : "");
        for (String sample : List.of("diamond.png", "two-stars.webp", "star-cross-square.jpg", "sign.png")) {
            folder.put(Files.readAllBytes(SAMPLES.resolve(sample)), name + "-" + sample);
        }
        folder.put("no picture".getBytes(StandardCharsets.UTF_8), name + "-broken.png");

        browser.find("#to-folder").click();

        browser.await(
                "all have ended and are shown",
                page -> browser.all("#shown li .name").stream()
                                .filter(each -> each.getText().startsWith(name + "-"))
                                .count()
                        >= 5);
        assertThat(browser.text("#shown")).contains(DIAMOND);
        assertThat(browser.text("#shown .failed .caption"))
                .contains("is not a PNG")
                .doesNotContain(root.toString());
        browser.await(
                "thumbnails are there",
                page -> browser.all("#shown .frame img").size()
                        == browser.all("#shown li:not(.failed)").size());
        assertThat(browser.run(
                        "return [...document.querySelectorAll('#shown img')].every(each => each.naturalWidth > 0)"))
                .isEqualTo(true);
        assertThat(browser.barriers()).isEmpty();
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.isWiderThanTheScreen()).isFalse();
        browser.photograph("folder-" + name);
    }

    @Test
    void showsHowFarAFileOfRequestsIs() throws Exception {
        folder.put((BatchFile.requests(800) + "[]\n").getBytes(StandardCharsets.UTF_8), "asked.jsonl");
        browser.find("#to-folder").click();

        browser.await(
                "it is under way", page -> !browser.all("#batches progress").isEmpty());
        assertThat(browser.barriers()).isEmpty();
        assertThat(browser.text("#batches")).contains("asked.jsonl").contains(" of 801 requests answered");
        browser.photograph("folder-batch");
        browser.await("it is over", page -> browser.text("#batches").contains("801 requests answered, 1 failed"));
        assertThat(browser.all("#batches progress")).isEmpty();
        assertThat(browser.barriers()).isEmpty();
        assertThat(browser.complaints()).isEmpty();
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
    void saysWhichFileCannotBeRead() {
        browser.run("FileReader.prototype.readAsDataURL = function () {"
                + " Object.defineProperty(this, 'error', {value: new DOMException('gone', 'NotFoundError')});"
                + " this.onerror(); }");

        browser.find("#choose").sendKeys(SAMPLES.resolve("diamond.png").toString());

        browser.await("it is said", page -> browser.text("#fault").equals("diamond.png cannot be read: gone"));
    }

    @Test
    void saysWhyItDoesNotShowTheFolderElsewhere() {
        browser.send(Map.of("X-Forwarded-For", "192.0.2.60"));
        try {
            browser.open("http://localhost:" + service.port() + "/");
            browser.find("#to-folder").click();

            browser.await(
                    "the reason is told",
                    page -> browser.text("#folder-note").contains("As long as no API key is set")
                            && browser.text("#folder-note").contains("set API_KEY"));
            assertThat(browser.all("#shown li")).isEmpty();
        } finally {
            browser.send(Map.of());
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
