package io.github.camelvlm.routes.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** How people ask on the page, in Chromium. */
class PageInBrowserTest extends OpenPage {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void answersAboutASampleAtAClick() {
        browser.find("#samples button[aria-label='Ask about diamond.png']").click();

        assertThat(browser.answer(1)).isEqualTo(ServedPage.DIAMOND);
        assertThat(browser.text(".theirs .figures")).matches("(?s).*\\d+ \\+ \\d+ tokens.*first token [\\d.]+ s.*");
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.loaded())
                .isNotEmpty()
                .allMatch(url -> url.startsWith(served.address()) || url.startsWith("data:"));
    }

    @Test
    void goesOnWithAConversationAndBeginsAnother() {
        served.choose(ServedPage.SAMPLES.resolve("diamond.png"));
        served.ask("Describe this image.");
        assertThat(browser.answer(1)).isEqualTo(ServedPage.DIAMOND);
        served.ask("How many shapes are there?");
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

        served.ask("Describe this image.");

        assertThat(browser.answer(1)).isEqualTo(ServedPage.DIAMOND);
    }

    @Test
    void takesAPictureAwayAgain() {
        served.choose(ServedPage.SAMPLES.resolve("diamond.png"));

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
        served.choose(Files.write(root.resolve("broken.png"), new byte[] {1, 2, 3}));
        served.ask("Describe this image.");

        String error = browser.answer(1);

        assertThat(error).isEqualTo(service.chat("""
                {"model": "shapes-vl", "messages": [{"role": "user", "content": [
                  {"type": "image_url", "image_url": {"url": "data:image/png;base64,AQID"}},
                  {"type": "text", "text": "Describe this image."}]}]}""").error().get("message").asText());
        assertThat(browser.find("#question").getDomProperty("value")).isEqualTo("Describe this image.");
        assertThat(browser.all("#attached li")).hasSize(1);
    }

    @Test
    void saysWhichFileCannotBeRead() {
        browser.run("FileReader.prototype.readAsDataURL = function () {"
                + " Object.defineProperty(this, 'error', {value: new DOMException('gone', 'NotFoundError')});"
                + " this.onerror(); }");

        browser.find("#choose")
                .sendKeys(ServedPage.SAMPLES.resolve("diamond.png").toString());

        browser.await("it is said", page -> browser.text("#fault").equals("diamond.png cannot be read: gone"));
    }

    @Test
    void sendsWhatIsSet() {
        browser.find("details:has(#fields) summary").click();
        browser.find("#max_tokens").sendKeys("3");
        browser.find("#temperature").sendKeys("0");
        served.choose(ServedPage.SAMPLES.resolve("diamond.png"));

        served.ask("Describe this image.");

        browser.answer(1);
        assertThat(browser.text(".theirs .figures")).contains("+ 3 tokens").contains("cut at the most tokens");
    }

    @Test
    void sendsNothingThatIsSetWrongly() {
        browser.find("details:has(#schema-text) summary").click();
        browser.find("#schema-text").sendKeys("{not json");

        served.ask("Hello");

        assertThat(browser.all(".theirs")).isEmpty();
        assertThat(browser.text("#schema-error")).startsWith("This is no JSON");
        assertThat(browser.focused()).isEqualTo(browser.find("#schema-text"));
    }

    @Test
    void formatsJson() {
        served.choose(ServedPage.SAMPLES.resolve("two-stars.webp"));
        served.ask("List the objects as JSON.");

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
        served.choose(ServedPage.SAMPLES.resolve("two-stars.webp"));
        served.ask("Detect the black star.");
        browser.answer(1);
        browser.await(
                "a box is drawn", page -> browser.all("figure.picture rect.box").size() == 1);
        assertThat(browser.text(".tag")).isEqualTo("black star");
        browser.photograph("boxes");
        served.ask("Detect the purple star.");
        browser.answer(2);
        assertThat(browser.all("figure.picture rect.box"))
                .as("on the picture of the turn before")
                .hasSize(1);
        assertThat(browser.text(".tag")).isEqualTo("purple star");
    }

    @Test
    void speaksChineseToThoseWhoReadIt() throws Exception {
        try (Browser chinese = new Browser("zh-CN")) {
            chinese.open(served.address());
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
        served.choose(ServedPage.SAMPLES.resolve("sign.png"));
        served.ask("Read the text in the image.");
        browser.answer(2);
        served.choose(ServedPage.SAMPLES.resolve("two-stars.webp"));
        served.ask("List the objects as JSON.");
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
}
