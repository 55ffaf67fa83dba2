package io.github.camelvlm.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.InvalidRequestException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageSelectionTest {
    private static int[] pages(String text, int count) {
        return PageSelection.of("pages", text).of(count, 100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "all      | 1 2 3 4 5 6 7 8",
                "1-3,7    | 1 2 3 7",
                "last     | 8",
                "6-       | 6 7 8",
                "7-last,1 | 7 8 1",
                "2,1-3    | 2 1 3",
                " 4 , 5 - 6 | 4 5 6"
            })
    void namesPagesInTheirOrderEachOnce(String text, String expected) {
        assertThat(pages(text, 8))
                .containsExactly(Arrays.stream(expected.split(" "))
                        .mapToInt(Integer::parseInt)
                        .toArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-3", "1-2-3", "first", "1,,2", "1;2", "99999999999"})
    void isNothingElse(String text) {
        assertThatThrownBy(() -> PageSelection.of("pages", text))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("pages must be page numbers such as 1-3,7,last, or all, but is \"" + text + "\"");
    }

    @Test
    void refusesPagesThatAreNotThereAndTooMany() {
        assertThatThrownBy(() -> pages("2,9", 8)).hasMessage("pages names 9, but the document has 8 pages");
        assertThatThrownBy(() -> pages("5-4", 8)).hasMessage("pages names 5-4, but the document has 8 pages");
        assertThatThrownBy(() -> PageSelection.ALL.of(200, 50))
                .hasMessage(
                        "pages are more than the 50 that are taken at once, of 200: choose some by the option pages, or"
                                + " raise maxPages");
        assertThatThrownBy(() -> pages("1-999999999", 8)).hasMessageContaining("the document has 8 pages");
    }
}
