package io.github.camelvlm.routes.queue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.InvalidRequestException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueuedPictureTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{`url`:`a.png`,`max_tokens`:`many`} | message is not the JSON expected here: the field `max_tokens` is of another type than it must be",
                "{`url`:{}}                          | message is not the JSON expected here: the field `url` is of another type than it must be",
                "{`url`:`a.png`} {}                  | message is not the JSON expected here: it must be one object and nothing more",
                "{`url`:                             | message is not valid JSON at line 1, column 8",
                "{`url`:NaN}                         | message is not valid JSON at line 1, column 11",
            })
    void saysWhatIsWrongWithTheJsonAndNamesNoClass(String text, String problem) {
        assertThatThrownBy(() -> QueuedPicture.parse(text.replace('`', '"')))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(problem.replace('`', '"'));
    }
}
