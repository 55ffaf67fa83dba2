package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people read: that its links lead somewhere. */
class DocumentationTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\[[^\\]\\n]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern LINK_OF_CAMELS_PAGE = Pattern.compile("link:([^\\[\\s]+)\\[");
    private static final Pattern INCLUDE = Pattern.compile("<include>([^<]+)</include>");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\\n]*`");
    private static final Pattern FENCED = Pattern.compile("(?s)```.*?```");

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(
                ROOT.resolve("README.md"),
                ROOT.resolve("camel-vlm-component/ARCHITECTURE.md"),
                ROOT.resolve("camel-vlm-component/CHANGELOG.md")));
        for (String folder : List.of("camel-vlm-component/src/main/docs", "routes/src/main/docs", "samples")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".md"))
                        .filter(file -> !file.toString().contains("node_modules")
                                && !file.toString().contains("target"))
                        .forEach(pages::add);
            }
        }
        return pages;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksToWhatIsThere(Path page) throws IOException {
        for (String target : targets(page)) {
            String[] parts = target.split("#", 2);
            Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
            assertThat(file).as("the link to %s", target).exists();
            if (parts.length == 2) {
                assertThat(anchors(file)).as("the link to %s", target).contains(parts[1]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksToWhatAReleaseHasToo(Path page) throws IOException {
        List<PathMatcher> included = INCLUDE.matcher(Files.readString(Path.of("src/main/assembly/archive.xml")))
                .results()
                .map(include -> ROOT.getFileSystem().getPathMatcher("glob:" + include.group(1)))
                .toList();

        for (String target : targets(page)) {
            Path file = target.startsWith("#")
                    ? page
                    : page.resolveSibling(target.split("#", 2)[0]).normalize();
            assertThat(included)
                    .as("archive.xml, for the link to %s", target)
                    .anyMatch(include -> include.matches(ROOT.relativize(file)));
        }
    }

    /** The links of a page but those to other hosts. */
    private static List<String> targets(Path page) throws IOException {
        return LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll("code"))
                .results()
                .map(link -> link.group(1))
                .filter(target -> !target.matches("[a-z]+:.*"))
                .toList();
    }

    @Test
    void linksFromCamelsPageToTheOthers() throws IOException {
        Path page = ROOT.resolve("camel-vlm-component/src/main/docs/vlm-component.adoc");
        List<String> targets = LINK_OF_CAMELS_PAGE
                .matcher(Files.readString(page))
                .results()
                .map(link -> link.group(1))
                .toList();

        assertThat(targets)
                .isNotEmpty()
                .allSatisfy(target -> assertThat(page.resolveSibling(target)).exists());
    }

    /** As they are made of headings where such pages are shown. */
    private static Set<String> anchors(Path file) throws IOException {
        Matcher heading = HEADING.matcher(FENCED.matcher(Files.readString(file)).replaceAll(""));
        return heading.results()
                .map(found -> found.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @Test
    void isShortWhereItBegins() throws IOException {
        assertThat(Files.readString(ROOT.resolve("README.md")).split("\\s+")).hasSizeLessThan(1300);
    }
}
