package io.github.camelvlm.hub;

import java.nio.file.Path;
import java.util.Map;

/** Paths in which a leading {@code ~} is the home of the user, as no shell has seen them before. */
final class HomePath {
    private HomePath() {}

    static Path of(String path, Map<String, String> environment) {
        if (!path.equals("~") && !path.startsWith("~/")) {
            return Path.of(path);
        }
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        return Path.of(home, path.substring(1));
    }
}
