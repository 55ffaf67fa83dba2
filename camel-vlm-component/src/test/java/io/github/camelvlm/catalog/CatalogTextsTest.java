package io.github.camelvlm.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** With {@code -DupdateTexts=true} it writes the texts anew; otherwise they must be what the catalog makes of them. */
class CatalogTextsTest {
    private static final Path PAGE = Path.of("src/main/docs/vlm-component.adoc");
    private static final Path METADATA =
            Path.of("spring-boot-starter/src/generated/resources/META-INF/spring-configuration-metadata.json");
    private static final String START = "// component options: START\n";
    private static final String END = "// component options: END\n";
    private static final String MEND =
            "%s is not what the catalog says: run mvn test -pl camel-vlm-component -Dtest=CatalogTextsTest -DupdateTexts=true and commit it";

    private final CatalogTexts texts = new CatalogTexts();

    CatalogTextsTest() throws IOException {}

    @Test
    void thePageListsEveryOptionAndHeader() throws Exception {
        String page = Files.readString(PAGE);
        assertThat(page).contains(START, END);
        String wanted = page.substring(0, page.indexOf(START) + START.length())
                + "\n" + texts.tables() + "\n"
                + page.substring(page.indexOf(END));

        compare(PAGE, wanted);
    }

    @Test
    void springBootKnowsEveryOption() throws Exception {
        compare(METADATA, texts.springMetadata());
    }

    private static void compare(Path file, String wanted) throws IOException {
        if (Boolean.getBoolean("updateTexts")) {
            Files.writeString(file, wanted);
        }
        assertThat(Files.exists(file) ? Files.readString(file) : "")
                .as(MEND, file)
                .isEqualTo(wanted);
    }
}
