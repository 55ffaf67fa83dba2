package io.github.camelvlm.routes.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.BatchFile;
import io.github.camelvlm.routes.DocumentFile;
import io.github.camelvlm.routes.WatchedFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page's view of the folder, in Chromium. */
class FolderInBrowserTest extends OpenPage {
    private static WatchedFolder folder;

    @BeforeAll
    static void find() {
        folder = served.folder();
    }

    @ParameterizedTest
    @CsvSource({"light, 1280, 860", "dark, 1280, 860", "light, 390, 844", "dark, 390, 844"})
    void showsTheFolderAtWork(String theme, int width, int height) throws Exception {
        browser.prefer(theme);
        browser.size(width, height);
        String name = theme + (width < 600 ? "-phone" : "");
        for (String sample : List.of("diamond.png", "two-stars.webp", "star-cross-square.jpg", "sign.png")) {
            folder.put(Files.readAllBytes(ServedPage.SAMPLES.resolve(sample)), name + "-" + sample);
        }
        folder.put("no picture".getBytes(StandardCharsets.UTF_8), name + "-broken.png");
        folder.put(
                DocumentFile.pdf(Collections.nCopies(20, "one-shape.png").toArray(String[]::new)),
                name + "-letter.pdf");

        browser.find("#to-folder").click();

        browser.await(
                "all have ended and are shown",
                page -> browser.all("#shown li .name").stream()
                                .filter(each -> each.getText().startsWith(name + "-"))
                                .count()
                        >= 6);
        assertThat(browser.text("#shown")).contains(ServedPage.DIAMOND);
        assertThat(browser.text("#shown .failed .caption"))
                .contains("is not a PNG")
                .doesNotContain(root.toString());
        browser.await(
                "thumbnails are there",
                page -> browser.all("#shown .frame img").size()
                                + browser.all("#shown .frame span[data-text=noPreview]")
                                        .size()
                        == browser.all("#shown li:not(.failed)").size());
        assertThat(browser.all("#shown .frame span[data-text=noPreview]"))
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.getText()).isEqualTo("no preview"));
        assertThat(browser.run(
                        "return [...document.querySelectorAll('#shown img')].every(each => each.naturalWidth > 0)"))
                .isEqualTo(true);
        assertThat(browser.all("#shown li"))
                .allSatisfy(each -> assertThat(each.getSize().getHeight()).isLessThan(700));
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
}
