package io.github.camelvlm.routes.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.RunningService;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page's files as HTTP has them, in a service that has a key. */
class PageTest {
    private static final Path FILES = Path.of("src/main/resources/io/github/camelvlm/routes/page");
    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of("api.key", "sesame"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8",
        "/page/page.css, text/css; charset=utf-8",
        "/page/main.js, text/javascript; charset=utf-8",
        "/page/icon.svg, image/svg+xml",
        "/page/samples/diamond.png, image/png",
        "/page/samples/two-stars.webp, image/webp"
    })
    void isServedToAllWithTypesAndAStrictPolicy(String path, String type) throws Exception {
        RunningService.Reply reply = service.get(path);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo(type);
        assertThat(reply.header("Content-Length")).isNotNull();
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("Content-Security-Policy"))
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
    }

    @Test
    void isSentAgainOnlyIfItIsAnotherOne() throws Exception {
        RunningService.Reply first = service.get("/page/main.js");
        assertThat(first.header("Cache-Control")).isEqualTo("no-cache");

        RunningService.Reply second =
                service.send(service.request("/page/main.js").header("If-None-Match", first.header("ETag")));
        RunningService.Reply other =
                service.send(service.request("/page/main.js").header("If-None-Match", "\"old\""));

        assertThat(second.status()).isEqualTo(304);
        assertThat(second.text()).isEmpty();
        assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(other.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/page/index.html.bak",
                "/page/..%2fPage.class",
                "/page/Page.class",
                "/page/samples/..%2fmain.js",
                "/page/../application.properties",
                "/page/samples/README.md"
            })
    void hasNoOtherFiles(String path) throws Exception {
        assertThat(service.get(path).status()).as(path).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page/main.js"})
    void isOnlyRead(String path) throws Exception {
        assertThat(service.send(service.request(path).method("HEAD", BodyPublishers.noBody()))
                        .status())
                .isEqualTo(200);
        assertThat(service.send(service.request(path).POST(BodyPublishers.ofString("")))
                        .status())
                .isEqualTo(405);
    }

    @Test
    void hasNoScriptOrStyleInItsHtmlAndMakesNoneOfTexts() throws Exception {
        assertThat(Files.readString(FILES.resolve("index.html")))
                .doesNotContainPattern("<script(?![^>]*src=)|<style|\\sstyle=|\\son[a-z]+=");
        try (Stream<Path> files = Files.list(FILES)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".js")).toList()) {
                assertThat(Files.readString(file))
                        .as(file.toString())
                        .doesNotContainPattern(
                                "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|DOMParser|eval\\(|new Function");
            }
        }
    }

    @Test
    void saysEverythingInBothLanguages() throws Exception {
        String texts = Files.readString(FILES.resolve("texts.js"));
        String[] languages = texts.substring(0, texts.indexOf("const KEPT")).split("\n  zh: \\{");

        assertThat(keys(languages[1])).isEqualTo(keys(languages[0])).hasSizeGreaterThan(50);
        for (String key : all(
                Pattern.compile("data-(?:text|label|placeholder)=\"(\\w+)\""),
                Files.readString(FILES.resolve("index.html")))) {
            assertThat(keys(languages[0])).contains(key);
        }
    }

    private static TreeSet<String> keys(String language) {
        return new TreeSet<>(all(Pattern.compile("(?m)^    (\\w+): \""), language));
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }
}
