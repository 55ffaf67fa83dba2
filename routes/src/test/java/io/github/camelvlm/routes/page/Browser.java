package io.github.camelvlm.routes.page;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.ExpectedCondition;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Chromium without a window, and what tests look for in it. */
final class Browser implements AutoCloseable {
    /** Where Debian and others have it. */
    private static final List<String> PLACES =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

    private static final List<String> DRIVERS =
            List.of("/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver", "/usr/local/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ChromeDriver driver;

    /** @param language that its user reads, such as {@code zh-CN} */
    Browser(String language) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(first(PLACES).orElseThrow());
        options.addArguments(
                "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=" + language);
        options.setExperimentalOption("prefs", Map.of("intl.accept_languages", language));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(
                                Path.of(first(DRIVERS).orElseThrow()).toFile())
                        .usingAnyFreePort()
                        .build(),
                options);
        size(1280, 860);
    }

    /**
     * Whether there is a browser here. What must not pass without one sets the
     * environment variable {@code BROWSER_TESTS} to {@code required}.
     */
    static boolean isThere() {
        boolean isThere = first(PLACES).isPresent() && first(DRIVERS).isPresent();
        if (!isThere && "required".equals(System.getenv("BROWSER_TESTS"))) {
            throw new IllegalStateException("There is no Chromium: install the packages chromium and chromium-driver");
        }
        return isThere;
    }

    private static Optional<String> first(List<String> places) {
        return places.stream()
                .filter(place -> Files.isExecutable(Path.of(place)))
                .findFirst();
    }

    void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** @param theme {@code light} or {@code dark} */
    void prefer(String theme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
    }

    /** Sends headers with every request from now on, as a proxy between would, in the place of those of before. */
    void send(Map<String, String> headers) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand("Network.setExtraHTTPHeaders", Map.of("headers", headers));
    }

    void open(String address) {
        driver.get(address);
    }

    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    String text(String selector) {
        return find(selector).getText();
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    /** Waits until something is so. */
    void await(String what, ExpectedCondition<Boolean> condition) {
        new WebDriverWait(driver, PATIENCE, Duration.ofMillis(50))
                .withMessage(() -> what + "; the page says: " + text("body") + "\n" + complaints())
                .ignoring(StaleElementReferenceException.class)
                .ignoring(NoSuchElementException.class)
                .until(condition);
    }

    /** Waits for so many whole answers, and gives the last. */
    String answer(int count) {
        await(
                "there are " + count + " answers",
                page -> all(".theirs").size() == count
                        && all(".theirs[aria-busy]").isEmpty());
        List<WebElement> answers = all(".theirs .answer");
        return answers.get(count - 1).getText();
    }

    /** What the browser complains of, such as a script that fails or something that the policy forbids. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** The addresses of all that was loaded. */
    List<String> loaded() {
        Object names = run("return performance.getEntriesByType('resource').map(entry => entry.name)");
        return ((List<?>) names).stream().map(Objects::toString).toList();
    }

    /** What axe-core finds that keeps people from using the page. */
    List<String> barriers() throws IOException {
        try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
            run(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        Object found = driver.executeAsyncScript("const done = arguments[0];"
                + " axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
                + ".then(results => done(results.violations.map(rule => rule.id + ': ' + rule.help + ': '"
                + " + rule.nodes.map(node => node.html + ' ' + node.failureSummary).join(' '))))");
        return ((List<?>) found).stream().map(Objects::toString).toList();
    }

    /** Whether people must scroll sideways. */
    boolean isWiderThanTheScreen() {
        return (Boolean) run("const page = document.documentElement; return page.scrollWidth > page.clientWidth");
    }

    /** Leaves a picture of the page in {@code target/page}, for people to look at. */
    void photograph(String name) throws IOException {
        Path place = Path.of("target", "page", name + ".png");
        Files.createDirectories(place.getParent());
        Files.write(place, driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
