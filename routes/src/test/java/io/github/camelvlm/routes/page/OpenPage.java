package io.github.camelvlm.routes.page;

import io.github.camelvlm.routes.RunningService;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The page in Chromium, opened anew for each test of a class. */
@EnabledIf("io.github.camelvlm.routes.page.Browser#isThere")
abstract class OpenPage {
    @TempDir
    static Path root;

    static ServedPage served;
    static RunningService service;
    static Browser browser;

    @BeforeAll
    static void start() {
        served = new ServedPage(root);
        service = served.service();
        browser = served.browser();
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @BeforeEach
    void open() {
        served.open();
    }
}
